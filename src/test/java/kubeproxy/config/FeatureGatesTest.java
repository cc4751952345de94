package kubeproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kubeproxy.config.FeatureGates.Resolution;
import kubeproxy.config.FeatureGates.Setting;
import kubeproxy.model.IpFamily;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureGatesTest {
  /// Every gate of 1.17.
  private static final String GATES_OF_1_17 =
      """
      APIListChunking
      APIResponseCompression
      AllAlpha
      AppArmor
      AttachVolumeLimit
      BalanceAttachedNodeVolumes
      BlockVolume
      BoundServiceAccountTokenVolume
      CPUManager
      CRIContainerLogRotation
      CSIBlockVolume
      CSIDriverRegistry
      CSIInlineVolume
      CSIMigration
      CSIMigrationAWS
      CSIMigrationAzureDisk
      CSIMigrationAzureFile
      CSIMigrationGCE
      CSIMigrationOpenStack
      CSINodeInfo
      CustomCPUCFSQuotaPeriod
      CustomResourceDefaulting
      DevicePlugins
      DryRun
      DynamicAuditing
      DynamicKubeletConfig
      EndpointSlice
      EphemeralContainers
      EvenPodsSpread
      ExpandCSIVolumes
      ExpandInUsePersistentVolumes
      ExpandPersistentVolumes
      ExperimentalHostUserNamespaceDefaulting
      HPAScaleToZero
      HyperVContainer
      IPv6DualStack
      KubeletPodResources
      LegacyNodeRoleBehavior
      LocalStorageCapacityIsolation
      LocalStorageCapacityIsolationFSQuotaMonitoring
      MountContainers
      NodeDisruptionExclusion
      NodeLease
      NonPreemptingPriority
      PodOverhead
      PodShareProcessNamespace
      ProcMountType
      QOSReserved
      RemainingItemCount
      RemoveSelfLink
      RequestManagement
      ResourceLimitsPriorityFunction
      ResourceQuotaScopeSelectors
      RotateKubeletClientCertificate
      RotateKubeletServerCertificate
      RunAsGroup
      RuntimeClass
      SCTPSupport
      ScheduleDaemonSetPods
      ServerSideApply
      ServiceLoadBalancerFinalizer
      ServiceNodeExclusion
      StartupProbe
      StorageVersionHash
      StreamingProxyRedirects
      SupportNodePidsLimit
      SupportPodPidsLimit
      Sysctls
      TTLAfterFinished
      TaintBasedEvictions
      TaintNodesByCondition
      TokenRequest
      TokenRequestProjection
      TopologyManager
      ValidateProxyRedirects
      VolumePVCDataSource
      VolumeSnapshotDataSource
      VolumeSubpathEnvExpansion
      WatchBookmark
      WinDSR
      WinOverlay
      WindowsGMSA
      WindowsRunAsUserName
      """;

  /// Gates of 1.20 that 1.17 did not have and that concern a proxy.
  private static final List<String> PROXY_GATES_OF_1_20 =
      List.of(
          "AllBeta",
          "EndpointSliceProxying",
          "EndpointSliceNodeName",
          "EndpointSliceTerminatingCondition",
          "ServiceTopology",
          "ServiceAppProtocol",
          "ServiceLBNodePortControl",
          "MixedProtocolLBService",
          "WindowsEndpointSliceProxying");

  private static Resolution.Resolved resolved(Map<String, Boolean> given) {
    Resolution resolution = FeatureGates.resolve(given);
    assertThat(resolution).isInstanceOf(Resolution.Resolved.class);
    return (Resolution.Resolved) resolution;
  }

  private static FeatureGates gates(Map<String, Boolean> given) {
    return resolved(given).gates();
  }

  private static String refusal(Map<String, Boolean> given) {
    Resolution resolution = FeatureGates.resolve(given);
    assertThat(resolution).isInstanceOf(Resolution.Refused.class);
    return ((Resolution.Refused) resolution).reason();
  }

  @ParameterizedTest
  @CsvSource({
    "AllAlpha, ALPHA, false",
    "AllBeta, BETA, false",
    "AllowServiceExternalIPs, '', true",
    "MultiCIDRServiceAllocator, '', true",
    "NFTablesProxyMode, '', true",
    "PreferSameTrafficDistribution, '', true",
    "ComponentFlagz, BETA, true",
    "ComponentStatusz, BETA, true",
    "ContextualLogging, BETA, true",
    "LoggingBetaOptions, BETA, true",
    "LoggingAlphaOptions, ALPHA, false",
    "NativeHistograms, ALPHA, false",
    "WinDSR, '', true",
    "WinOverlay, '', true",
    "EndpointSlice, '', true",
    "EndpointSliceProxying, '', true",
    "IPv6DualStack, '', true",
    "SCTPSupport, '', true",
    "ServiceTopology, DEPRECATED, false"
  })
  void hasTheDefaultsOfKubernetes(String name, String stage, boolean enabled) {
    assertThat(FeatureGates.DEFAULTS.all()).contains(new Setting(name, stage, enabled));
    assertThat(FeatureGates.DEFAULTS.enabled(name)).isEqualTo(enabled);
  }

  @Test
  void tellsOfEachGateOnceAndInOrder() {
    List<String> names = FeatureGates.DEFAULTS.all().stream().map(Setting::name).toList();
    assertThat(names).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(200);
    Set<String> both = new HashSet<>(names);
    both.retainAll(GoneGates.ALL);
    assertThat(both).isEmpty();
    assertThat(names).allMatch(name -> name.matches("[A-Z][A-Za-z0-9]+"));
    assertThat(GoneGates.ALL).allMatch(name -> name.matches("[A-Za-z0-9]+"));
  }

  /// `csiMigrationRBD` is how 1.23 spelled it.
  @ParameterizedTest
  @ValueSource(
      strings = {"SupportIPVSProxyMode", "PodPriority", "DefaultIngressClass", "csiMigrationRBD"})
  void knowsGatesThatNoPageOf117Or136Has(String name) {
    assertThat(resolved(Map.of(name, true)).warnings()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Accelerators", "MountPropagation", "DebugContainers"})
  void gatesThatWereGoneBefore117AreUnknown(String name) {
    assertThat(refusal(Map.of(name, true))).isEqualTo("unrecognized feature gate: " + name);
  }

  @Test
  void knowsEveryGateOf117() {
    List<String> lines = GATES_OF_1_17.lines().toList();
    assertThat(lines).hasSize(83);
    Set<String> known =
        Stream.concat(
                FeatureGates.DEFAULTS.all().stream().map(Setting::name), GoneGates.ALL.stream())
            .collect(Collectors.toSet());
    assertThat(lines).allMatch(known::contains);
    assertThat(PROXY_GATES_OF_1_20).allMatch(known::contains);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AllowServiceExternalIPs",
        "EndpointSlice",
        "EndpointSliceProxying",
        "IPv6DualStack",
        "SCTPSupport",
        "ServiceTopology"
      })
  void setsGatesThatChangeAProxyBothWays(String name) {
    assertThat(gates(Map.of(name, true)).enabled(name)).isTrue();
    assertThat(gates(Map.of(name, false)).enabled(name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MultiCIDRServiceAllocator",
        "NFTablesProxyMode",
        "PreferSameTrafficDistribution",
        "WinDSR",
        "WinOverlay"
      })
  void refusesToChangeLockedGates(String name) {
    assertThat(refusal(Map.of(name, false)))
        .isEqualTo("cannot set feature gate " + name + " to false, feature is locked to true");
    assertThat(gates(Map.of(name, true)).enabled(name)).isTrue();
  }

  @Test
  void refusesUnknownGatesTogetherWithAllElse() {
    assertThat(refusal(Map.of("Nope", true))).isEqualTo("unrecognized feature gate: Nope");
    assertThat(refusal(Map.of("nope", true, "WinDSR", false)))
        .isEqualTo(
            "[cannot set feature gate WinDSR to false, feature is locked to true,"
                + " unrecognized feature gate: nope]");
  }

  @Test
  void setsAllOfAStageButThoseNamed() {
    FeatureGates alpha = gates(Map.of("AllAlpha", true, "NativeHistograms", false));
    assertThat(alpha.all())
        .filteredOn(setting -> setting.stage().equals("ALPHA") && !setting.enabled())
        .map(Setting::name)
        .containsExactly("NativeHistograms");
    assertThat(alpha.enabled("ServiceTopology")).isFalse();
    FeatureGates beta = gates(Map.of("AllBeta", false, "ComponentFlagz", true));
    assertThat(beta.all())
        .filteredOn(setting -> setting.stage().equals("BETA") && setting.enabled())
        .map(Setting::name)
        .containsExactly("ComponentFlagz");
    assertThat(beta.enabled("EndpointSlice")).isTrue();
  }

  @Test
  void warnsOfWhatIsOrWillBeGone() {
    Map<String, Boolean> given =
        Map.of(
            "TopologyAwareHints", true,
            "AllowServiceExternalIPs", false,
            "WindowsHostNetwork", true,
            "SCTPSupport", false,
            "LoggingAlphaOptions", true);
    assertThat(resolved(given).warnings())
        .containsExactly(
            "Warning: setting GA feature gate AllowServiceExternalIPs=false. It will be removed in"
                + " a future release.",
            "Feature gate TopologyAwareHints=true has no effect: Kubernetes 1.36 no longer has it.",
            "Warning: setting deprecated feature gate WindowsHostNetwork=true. It will be removed"
                + " in a future release.");
  }

  @Test
  void isEqualIfAllGatesAre() {
    assertThat(gates(Map.of("SCTPSupport", true, "AllAlpha", false)))
        .isEqualTo(FeatureGates.DEFAULTS);
    assertThat(gates(Map.of("SCTPSupport", false))).isNotEqualTo(FeatureGates.DEFAULTS);
  }

  @Test
  void takesEndpointsFromSlicesIfBothGatesSaySo() {
    assertThat(FeatureGates.DEFAULTS.endpointSlices()).isTrue();
    assertThat(gates(Map.of("EndpointSlice", false)).endpointSlices()).isFalse();
    assertThat(gates(Map.of("EndpointSliceProxying", false)).endpointSlices()).isFalse();
  }

  @Test
  void topologyKeysNeedSlices() {
    assertThat(FeatureGates.DEFAULTS.serviceTopology()).isFalse();
    assertThat(gates(Map.of("ServiceTopology", true)).serviceTopology()).isTrue();
    assertThat(gates(Map.of("ServiceTopology", true, "EndpointSlice", false)).serviceTopology())
        .isFalse();
  }

  @Test
  void servesOnlyThePrimaryFamilyWithoutDualStack() {
    FeatureGates single = gates(Map.of("IPv6DualStack", false));
    assertThat(single.families(IpFamily.IPV6)).containsExactly(IpFamily.IPV6);
    assertThat(FeatureGates.DEFAULTS.families(IpFamily.IPV6))
        .containsExactly(IpFamily.IPV4, IpFamily.IPV6);
  }

  @Test
  void doesNotAnswerForGatesThatAreNone() {
    assertThatThrownBy(() -> FeatureGates.DEFAULTS.enabled("Nope"))
        .hasMessage("no feature gate Nope");
  }
}
