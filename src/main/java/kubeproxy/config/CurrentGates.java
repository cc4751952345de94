package kubeproxy.config;

import java.util.List;
import java.util.stream.Stream;

/// The feature gates of Kubernetes 1.36, all of which every component knows, by stage, default, and
/// whether that is locked. Few of them have to do with a proxy.
final class CurrentGates {

  private static final String ALPHA_OFF =
      """
      AllowUnsafeMalformedObjectDeletion APIServingWithRoutine CBORServingAndStorage
      ClientsAllowCBOR ClientsPreferCBOR
      CloudControllerManagerWatchBasedRoutesReconciliation CloudControllerManagerWebhook
      ContainerStopSignals ControllerManagerReleaseLeaderElectionLockOnExit
      CPUManagerPolicyAlphaOptions CRIListStreaming CrossNamespaceVolumeDataSource
      CSIVolumeHealth DRAListTypeAttributes DRANodeAllocatableResources
      DRAResourcePoolStatus DRAWorkloadResourceClaims EventedPLEG GangScheduling
      GenericWorkload HPAScaleToZero ImageVolumeWithDigest
      InPlacePodVerticalScalingExclusiveCPUs InPlacePodVerticalScalingExclusiveMemory
      KubeletInUserNamespace LoggingAlphaOptions ManifestBasedAdmissionControlConfig
      MemoryQoS MutablePVNodeAffinity NativeHistograms PersistentVolumeClaimUnusedSinceTime
      PodAndContainerStatsFromCRI PodLevelResourceManagers PodLogsQuerySplitStreams PodsAPI
      QOSReserved ReduceDefaultCrashLoopBackOffDecay RuntimeClassInImageCriApi
      ShardedListAndWatch StorageCapacityScoring StorageVersionAPI
      TaintTolerationComparisonOperators TopologyAwareWorkloadScheduling
      TopologyManagerPolicyAlphaOptions UserNamespacesHostNetworkSupport VolumeLimitScaling
      WindowsCPUAndMemoryAffinity WorkloadAwarePreemption WorkloadWithJob
      """;

  private static final String BETA_ON =
      """
      AllowParsingUserUIDFromCertAuth APIResponseCompression APIServerIdentity AtomicFIFO
      AuthorizePodWebsocketUpgradeCreatePermission ClearingNominatedNodeNameAfterBinding
      ClientsAllowCARotation ClientsAllowTLSCacheGC ComponentFlagz ComponentStatusz
      ConstrainedImpersonation ContainerCheckpoint ContainerRestartRules ContextualLogging
      CPUManagerPolicyBetaOptions CRDObservedGenerationTracking DeclarativeValidationBeta
      DeploymentReplicaSetTerminatingReplicas DetectCacheInconsistency DRAConsumableCapacity
      DRADeviceBindingConditions DRADeviceTaints DRAExtendedResource DRAPartitionableDevices
      DRAResourceClaimDeviceStatus DRAResourceClaimGranularStatusAuthorization
      DRASchedulerFilterTimeout EnvFiles ExtendWebSocketsToKubelet GracefulNodeShutdown
      GracefulNodeShutdownBasedOnPodPriority HostnameOverride HPAConfigurableTolerance
      InOrderInformersBatchProcess InPlacePodLevelResourcesVerticalScaling
      InPlacePodVerticalScalingInitContainers KubeletCrashLoopBackOffMax
      KubeletEnsureSecretPulledImages KubeletSeparateDiskGC
      KubeletServiceAccountTokenForCredentialProviders ListFromCacheSnapshot
      LoggingBetaOptions MatchLabelKeysInPodTopologySpread
      MatchLabelKeysInPodTopologySpreadSelectorMerge MutablePodResourcesForSuspendedJobs
      MutableSchedulingDirectivesForSuspendedJobs NodeDeclaredFeatures
      NominatedNodeNameForExpectation OpenAPIEnums OpportunisticBatching PLEGOnDemandRelist
      PodDeletionCost PodLevelResources PodReadyToStartContainersCondition
      PodTopologyLabelsAdmission PortForwardWebsockets PreventStaticPodAPIReferences
      RelaxedServiceNameValidation ReloadKubeletClientCAFile
      ReloadKubeletServerCertificateFile RemoteRequestHeaderUID ResourceHealthStatus
      ResourceHealthStatusMessage RestartAllContainersOnContainerExits
      RotateKubeletServerCertificate SchedulerAsyncPreemption SchedulerPopFromBackoffQ
      ServiceAccountNodeAudienceRestriction SizeBasedListCostEstimate
      StaleControllerConsistencyDaemonSet StaleControllerConsistencyJob
      StaleControllerConsistencyReplicaSet StaleControllerConsistencyStatefulSet
      StatefulSetSemanticRevisionComparison StorageVersionHash StrictIPCIDRValidation
      StructuredAuthenticationConfigurationEgressSelector
      StructuredAuthenticationConfigurationJWKSMetrics
      TokenRequestServiceAccountUIDValidation TopologyManagerPolicyBetaOptions
      TranslateStreamCloseWebsocketRequests UnauthenticatedHTTP2DOSMitigation
      UnknownVersionInteroperabilityProxy UnlockWhileProcessingFIFO
      WatchCacheInitializationPostStartHook WatchList WatchListClient
      WindowsGracefulNodeShutdown
      """;

  private static final String BETA_OFF =
      """
      ClusterTrustBundle ClusterTrustBundleProjection ConcurrentWatchObjectDecode
      CoordinatedLeaderElection DRADeviceTaintRules
      LocalStorageCapacityIsolationFSQuotaMonitoring MaxUnavailableStatefulSet
      PodCertificateRequest SchedulerAsyncAPICalls SELinuxMount StorageVersionMigrator
      """;

  private static final String GA_ON =
      """
      AllowServiceExternalIPs CustomCPUCFSQuotaPeriod DRAPrioritizedList
      InformerResourceVersion MutatingAdmissionPolicy
      """;

  private static final String GA_ON_LOCKED =
      """
      AnonymousAuthConfigurableEndpoints AnyVolumeDataSource APIServerTracing
      AuthorizeNodeWithSelectors AuthorizeWithSelectors BtreeWatchCache
      ConsistentListFromCache CPUManagerPolicyOptions CRDValidationRatcheting
      CSIServiceAccountTokenSecrets CustomResourceFieldSelectors DeclarativeValidation
      DisableAllocatorDualWrite DRAAdminAccess DynamicResourceAllocation ExecProbeTimeout
      ExternalServiceAccountTokenSigner ImageMaximumGCAge ImageVolume InOrderInformers
      InPlacePodVerticalScaling JobBackoffLimitPerIndex JobManagedBy JobPodReplacementPolicy
      JobSuccessPolicy KubeletCgroupDriverFromCRI KubeletFineGrainedAuthz
      KubeletPodResourcesDynamicResources KubeletPodResourcesGet KubeletPSI KubeletTracing
      LogarithmicScaleDown MatchLabelKeysInPodAffinity MultiCIDRServiceAllocator
      MutableCSINodeAllocatableCount NFTablesProxyMode
      NodeInclusionPolicyInPodTopologySpread NodeLogQuery NodeSwap OrderedNamespaceDeletion
      PodLifecycleSleepAction PodLifecycleSleepActionAllowZero PodObservedGenerationTracking
      PodSchedulingReadiness PreferSameTrafficDistribution ProcMountType
      RecoverVolumeExpansionFailure RecursiveReadOnlyMounts RelaxedDNSSearchValidation
      RelaxedEnvironmentVariableValidation ResilientWatchCacheInitialization
      RetryGenerateName SchedulerQueueingHints SELinuxChangePolicy
      SELinuxMountReadWriteOncePod SeparateTaintEvictionController ServiceAccountTokenJTI
      ServiceAccountTokenNodeBinding ServiceAccountTokenNodeBindingValidation
      ServiceAccountTokenPodNodeInfo SidecarContainers StreamingCollectionEncodingToJSON
      StreamingCollectionEncodingToProtobuf StructuredAuthenticationConfiguration
      SupplementalGroupsPolicy SystemdWatchdog TopologyManagerPolicyOptions
      UserNamespacesSupport VolumeAttributesClass WinDSR WinOverlay
      """;

  private static final String DEPRECATED_OFF =
      """
      AllowDNSOnlyNodeCSR AllowInsecureKubeletCertificateSigningRequests
      ChangeContainerStatusOnKubeletRestart DeclarativeValidationTakeover KMSv1
      KubeletRegistrationGetOnExistsOnly WindowsHostNetwork
      """;

  private static final String DEPRECATED_ON =
      """
      DisableCPUQuotaWithExclusiveCPUs KubeletPodResourcesListUseActivePods
      ServiceCIDRStatusFieldWiping StorageNamespaceIndex
      """;

  private static final String DEPRECATED_OFF_LOCKED =
      """
      AllowOverwriteTerminationGracePeriodSeconds GitRepoVolumeDriver SeparateCacheWatchRPC
      """;

  private static final String DEPRECATED_ON_LOCKED =
      """
      AggregatedDiscoveryRemoveBetaType DisableNodeKubeProxyVersion
      """;

  private CurrentGates() {}

  static List<FeatureGate> all() {
    return Stream.of(
            gates(FeatureGate.Stage.ALPHA, false, false, ALPHA_OFF),
            gates(FeatureGate.Stage.BETA, true, false, BETA_ON),
            gates(FeatureGate.Stage.BETA, false, false, BETA_OFF),
            gates(FeatureGate.Stage.GA, true, false, GA_ON),
            gates(FeatureGate.Stage.GA, true, true, GA_ON_LOCKED),
            gates(FeatureGate.Stage.DEPRECATED, false, false, DEPRECATED_OFF),
            gates(FeatureGate.Stage.DEPRECATED, true, false, DEPRECATED_ON),
            gates(FeatureGate.Stage.DEPRECATED, false, true, DEPRECATED_OFF_LOCKED),
            gates(FeatureGate.Stage.DEPRECATED, true, true, DEPRECATED_ON_LOCKED))
        .flatMap(gates -> gates)
        .toList();
  }

  private static Stream<FeatureGate> gates(
      FeatureGate.Stage stage, boolean enabled, boolean locked, String names) {
    return names
        .lines()
        .flatMap(line -> Stream.of(line.split(" ")))
        .map(name -> new FeatureGate(name, stage, enabled, locked));
  }
}
