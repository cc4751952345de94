package kubeproxy.config;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Feature gates that releases of Kubernetes before 1.36 had. They are accepted, so that old
/// command lines and files keep working, but what they switched is decided.
final class GoneGates {
  private static final String NAMES =
      """
      Accelerators AdmissionWebhookMatchConditions AdvancedAuditing AffinityInAnnotations
      AggregatedDiscoveryEndpoint AllowExtTrafficLocalEndpoints AllowInsecureBackendProxy
      AllowServiceLBStatusOnNonLB APIListChunking APIPriorityAndFairness
      APISelfSubjectReview AppArmor AppArmorFields AttachVolumeLimit
      BalanceAttachedNodeVolumes BlockVolume BoundServiceAccountTokenVolume
      CloudDualStackNodeIPs ComponentSLIs ConfigurableFSGroupPolicy
      ConsistentHTTPGetHandlers ControllerManagerLeaderMigration CPUManager
      CRIContainerLogRotation CronJobControllerV2 CronJobsScheduledAnnotation
      CronJobTimeZone CSIBlockVolume CSIControllerGetNodeInfo CSIDriverRegistry
      CSIInlineVolume CSIMigration CSIMigrationAWS CSIMigrationAWSComplete
      CSIMigrationAzureDisk CSIMigrationAzureDiskComplete CSIMigrationAzureFile
      CSIMigrationAzureFileComplete CSIMigrationGCE CSIMigrationGCEComplete
      CSIMigrationOpenStack CSIMigrationOpenStackComplete CSIMigrationPortworx
      CSIMigrationRBD CSIMigrationvSphere CSIMigrationvSphereComplete CSINodeExpandSecret
      CSINodeInfo CSIPersistentVolume CSIServiceAccountToken CSIStorageCapacity
      CSIVolumeFSGroupPolicy CSRDuration CustomPodDNS CustomResourceDefaulting
      CustomResourcePublishOpenAPI CustomResourceSubresources CustomResourceValidation
      CustomResourceValidationExpressions CustomResourceWebhookConversion
      DaemonSetUpdateSurge DebugContainers DefaultHostNetworkHostPortsInPodTemplates
      DefaultPodTopologySpread DelegateFSGroupToCSIDriver DevicePluginCDIDevices
      DevicePlugins DisableAcceleratorUsageMetrics DisableCloudProviders
      DisableKubeletCloudCredentialProviders DownwardAPIHugePages DRAControlPlaneController
      DryRun DynamicAuditing DynamicKubeletConfig DynamicProvisioningScheduling
      DynamicVolumeProvisioning EfficientWatchResumption ElasticIndexedJob
      EnableAggregatedDiscoveryTimeout EnableEquivalenceClassCache EndpointSliceNodeName
      EndpointSliceTerminatingCondition EphemeralContainers EvenPodsSpread ExpandCSIVolumes
      ExpandedDNSConfig ExpandInUsePersistentVolumes ExpandPersistentVolumes
      ExperimentalCriticalPodAnnotation ExperimentalHostUserNamespaceDefaulting
      ExternalPolicyForExternalIP GCERegionalPersistentDisk GenericEphemeralVolume
      GRPCContainerProbe HonorPVReclaimPolicy HPAContainerMetrics HugePages
      HugePageStorageMediumSize HyperVContainer IdentifyPodOS ImmutableEphemeralVolumes
      IndexedJob IngressClassNamespacedParams Initializers
      InPlacePodVerticalScalingAllocatedStatus InTreePluginAWSUnregister
      InTreePluginAzureDiskUnregister InTreePluginAzureFileUnregister
      InTreePluginGCEUnregister InTreePluginOpenStackUnregister
      InTreePluginPortworxUnregister InTreePluginRBDUnregister InTreePluginvSphereUnregister
      IPTablesOwnershipCleanup JobMutableNodeSchedulingDirectives JobPodFailurePolicy
      JobReadyPods JobTrackingWithFinalizers KMSv2 KMSv2KDF KubeletConfigFile
      KubeletCredentialProviders KubeletPluginsWatcher KubeletPodResources
      KubeletPodResourcesGetAllocatable KubeProxyDrainingTerminatingNodes
      LegacyNodeRoleBehavior LegacyServiceAccountTokenCleanUp
      LegacyServiceAccountTokenNoAutoGeneration LegacyServiceAccountTokenTracking
      LegacySidecarContainers LoadBalancerIPMode LocalStorageCapacityIsolation MemoryManager
      MinDomainsInPodTopologySpread MinimizeIPTablesRestore MixedProtocolLBService
      MountContainers MountPropagation MultiCIDRRangeAllocator NamespaceDefaultLabelName
      NetworkPolicyEndPort NetworkPolicyStatus NewVolumeManagerReconstruction
      NodeDisruptionExclusion NodeLease NodeOutOfServiceVolumeDetach NonPreemptingPriority
      OpenAPIV3 PDBUnhealthyPodEvictionPolicy PersistentLocalVolumes
      PersistentVolumeLastPhaseTransistionTime PersistentVolumeLastPhaseTransitionTime
      PodAffinityNamespaceSelector PodDisruptionBudget PodDisruptionConditions
      PodHasNetworkCondition PodHostIPs PodIndexLabel PodOverhead PodPriority
      PodReadinessGates PodSecurity PodShareProcessNamespace PreferNominatedNode
      ProbeHostPodSecurityStandards ProbeTerminationGracePeriod ProxyTerminatingEndpoints
      PVCProtection ReadOnlyAPIDataVolumes ReadWriteOncePod RemainingItemCount
      RemoveSelfLink RequestManagement ResourceLimitsPriorityFunction
      ResourceQuotaScopeSelectors RetroactiveDefaultStorageClass RootCAConfigMap
      RotateKubeletClientCertificate RunAsGroup RuntimeClass ScheduleDaemonSetPods
      SeccompDefault SecurityContextDeny SelectorIndex ServerSideApply
      ServerSideFieldValidation ServiceAccountIssuerDiscovery ServiceAppProtocol
      ServiceInternalTrafficPolicy ServiceIPStaticSubrange ServiceLBNodePortControl
      ServiceLoadBalancerClass ServiceLoadBalancerFinalizer ServiceNodeExclusion
      ServiceNodePortStaticSubrange ServiceTrafficDistribution SetHostnameAsFQDN
      SizeMemoryBackedVolumes SkipReadOnlyValidationGCE StableLoadBalancerNodeSet
      StartupProbe StatefulSetAutoDeletePVC StatefulSetMinReadySeconds
      StatefulSetStartOrdinal StorageObjectInUseProtection StreamingProxyRedirects
      StrictCostEnforcementForVAP StrictCostEnforcementForWebhooks
      StructuredAuthorizationConfiguration SupportIPVSProxyMode SupportNodePidsLimit
      SupportPodPidsLimit SuspendJob Sysctls TaintBasedEvictions TaintNodesByCondition
      TokenRequest TokenRequestProjection TopologyAwareHints TopologyManager
      TTLAfterFinished UserNamespacesPodSecurityStandards UserNamespacesStatelessPodsSupport
      ValidateProxyRedirects ValidatingAdmissionPolicy VolumeCapacityPriority
      VolumePVCDataSource VolumeScheduling VolumeSnapshotDataSource VolumeSubpath
      VolumeSubpathEnvExpansion WarningHeaders WatchBookmark
      WatchFromStorageWithoutResourceVersion WindowsEndpointSliceProxying WindowsGMSA
      WindowsHostProcessContainers WindowsRunAsUserName ZeroLimitedNominalConcurrencyShares
      """;

  static final Set<String> ALL =
      NAMES
          .lines()
          .flatMap(line -> Stream.of(line.split(" ")))
          .collect(Collectors.toUnmodifiableSet());

  private GoneGates() {}
}
