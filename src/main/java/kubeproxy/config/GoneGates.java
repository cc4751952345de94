package kubeproxy.config;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Feature gates that releases of Kubernetes from 1.17 to 1.35 had. They are accepted, so that old
/// command lines and files keep working, but what they switched is decided.
final class GoneGates {
  private static final String NAMES =
      """
      AdmissionWebhookMatchConditions AdvancedAuditing AggregatedDiscoveryEndpoint
      AllowInsecureBackendProxy AllowServiceLBStatusOnNonLB APIListChunking
      APIPriorityAndFairness APISelfSubjectReview AppArmor AppArmorFields AttachVolumeLimit
      BalanceAttachedNodeVolumes BlockVolume BoundServiceAccountTokenVolume
      CloudDualStackNodeIPs ComponentSLIs ConfigurableFSGroupPolicy
      ConsistentHTTPGetHandlers ControllerManagerLeaderMigration CPUManager
      CRIContainerLogRotation CronJobControllerV2 CronJobsScheduledAnnotation
      CronJobTimeZone CSIBlockVolume CSIDriverRegistry CSIInlineVolume CSIMigration
      CSIMigrationAWS CSIMigrationAWSComplete CSIMigrationAzureDisk
      CSIMigrationAzureDiskComplete CSIMigrationAzureFile CSIMigrationAzureFileComplete
      CSIMigrationGCE CSIMigrationGCEComplete CSIMigrationOpenStack
      CSIMigrationOpenStackComplete CSIMigrationPortworx CSIMigrationRBD csiMigrationRBD
      CSIMigrationvSphere CSIMigrationvSphereComplete CSINodeExpandSecret CSINodeInfo
      CSIServiceAccountToken CSIStorageCapacity CSIVolumeFSGroupPolicy CSRDuration
      CustomResourceDefaulting CustomResourcePublishOpenAPI CustomResourceSubresources
      CustomResourceValidation CustomResourceValidationExpressions
      CustomResourceWebhookConversion DaemonSetUpdateSurge
      DefaultHostNetworkHostPortsInPodTemplates DefaultIngressClass DefaultPodTopologySpread
      DelegateFSGroupToCSIDriver DevicePluginCDIDevices DevicePlugins
      DisableAcceleratorUsageMetrics DisableCloudProviders
      DisableKubeletCloudCredentialProviders DownwardAPIHugePages DRAControlPlaneController
      DryRun DynamicAuditing DynamicKubeletConfig EfficientWatchResumption ElasticIndexedJob
      EnableAggregatedDiscoveryTimeout EndpointSliceNodeName
      EndpointSliceTerminatingCondition EphemeralContainers EvenPodsSpread ExpandCSIVolumes
      ExpandedDNSConfig ExpandInUsePersistentVolumes ExpandPersistentVolumes
      ExperimentalHostUserNamespaceDefaulting ExternalPolicyForExternalIP
      GenericEphemeralVolume GRPCContainerProbe HonorPVReclaimPolicy HPAContainerMetrics
      HugePageStorageMediumSize HyperVContainer IdentifyPodOS ImmutableEphemeralVolumes
      IndexedJob IngressClassNamespacedParams InPlacePodVerticalScalingAllocatedStatus
      InTreePluginAWSUnregister InTreePluginAzureDiskUnregister
      InTreePluginAzureFileUnregister InTreePluginGCEUnregister
      InTreePluginOpenStackUnregister InTreePluginPortworxUnregister
      InTreePluginRBDUnregister InTreePluginvSphereUnregister IPTablesOwnershipCleanup
      JobMutableNodeSchedulingDirectives JobPodFailurePolicy JobReadyPods
      JobTrackingWithFinalizers KMSv2 KMSv2KDF KubeletCredentialProviders
      KubeletPodResources KubeletPodResourcesGetAllocatable
      KubeProxyDrainingTerminatingNodes LegacyNodeRoleBehavior
      LegacyServiceAccountTokenCleanUp LegacyServiceAccountTokenNoAutoGeneration
      LegacyServiceAccountTokenTracking LegacySidecarContainers LoadBalancerIPMode
      LocalStorageCapacityIsolation MemoryManager MinDomainsInPodTopologySpread
      MinimizeIPTablesRestore MixedProtocolLBService MountContainers MultiCIDRRangeAllocator
      NamespaceDefaultLabelName NetworkPolicyEndPort NetworkPolicyStatus
      NewVolumeManagerReconstruction NodeDisruptionExclusion NodeLease
      NodeOutOfServiceVolumeDetach NonPreemptingPriority OpenAPIV3
      PDBUnhealthyPodEvictionPolicy PersistentVolumeLastPhaseTransitionTime
      PodAffinityNamespaceSelector PodDisruptionBudget PodDisruptionConditions
      PodHasNetworkCondition PodHostIPs PodIndexLabel PodOverhead PodPriority PodSecurity
      PodShareProcessNamespace PreferNominatedNode ProbeHostPodSecurityStandards
      ProbeTerminationGracePeriod ProxyTerminatingEndpoints ReadWriteOncePod
      RemainingItemCount RemoveSelfLink RequestManagement ResourceLimitsPriorityFunction
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
      VolumePVCDataSource VolumeSnapshotDataSource VolumeSubpath VolumeSubpathEnvExpansion
      WarningHeaders WatchBookmark WatchFromStorageWithoutResourceVersion
      WindowsEndpointSliceProxying WindowsGMSA WindowsHostProcessContainers
      WindowsRunAsUserName ZeroLimitedNominalConcurrencyShares
      """;

  static final Set<String> ALL =
      NAMES
          .lines()
          .flatMap(line -> Stream.of(line.split(" ")))
          .collect(Collectors.toUnmodifiableSet());

  private GoneGates() {}
}
