package kubeproxy.apiwatch;

import java.util.List;
import java.util.Map;
import java.util.Set;
import kubeproxy.apidecode.ApiResource;
import kubeproxy.model.Kind;

/// Where the objects of a kind come from, and which of them.
///
/// @param resources from the best to the last resort
/// @param selectors parameters of the query that leave out what a node proxy has no use for
/// @param olderSelectors the same for servers that refuse the former; they may leave out less
/// @param perhapsUnfilled of the resources, those that old servers have but do not fill
/// @param optional whether one can do without: servers that do not have it, or do not let us, are
///     no reason to wait
record KindSources(
    Kind kind,
    List<ApiResource> resources,
    List<Map.Entry<String, String>> selectors,
    List<Map.Entry<String, String>> olderSelectors,
    Set<ApiResource> perhapsUnfilled,
    boolean optional) {

  private static final String LABELS = "labelSelector";
  private static final String FIELDS = "fieldSelector";
  private static final String NOT_FOREIGN = "!service.kubernetes.io/service-proxy-name";
  private static final String NOT_HEADLESS = "!service.kubernetes.io/headless";

  KindSources {
    resources = List.copyOf(resources);
    selectors = List.copyOf(selectors);
    olderSelectors = List.copyOf(olderSelectors);
    perhapsUnfilled = Set.copyOf(perhapsUnfilled);
  }

  /// Services that are ours and have an address. Older servers cannot select by the
  /// address, but older proxies asked for a label that says nearly the same.
  static KindSources services() {
    return new KindSources(
        Kind.SERVICE,
        List.of(ApiResource.SERVICES),
        List.of(Map.entry(LABELS, NOT_FOREIGN), Map.entry(FIELDS, "spec.clusterIP!=None")),
        List.of(Map.entry(LABELS, NOT_FOREIGN + "," + NOT_HEADLESS)),
        Set.of(),
        false);
  }

  /// EndpointSlices, or what older servers have instead.
  ///
  /// @param slices whether EndpointSlices are wanted at all; otherwise only core/v1 Endpoints
  /// @param oldSlices whether servers are taken to fill those that they have
  static KindSources endpoints(boolean slices, boolean oldSlices) {
    List<Map.Entry<String, String>> selectors = List.of(Map.entry(LABELS, NOT_HEADLESS));
    List<ApiResource> resources =
        slices
            ? List.of(
                ApiResource.ENDPOINT_SLICES_V1,
                ApiResource.ENDPOINT_SLICES_V1BETA1,
                ApiResource.ENDPOINTS)
            : List.of(ApiResource.ENDPOINTS);
    Set<ApiResource> unfilled = oldSlices ? Set.of() : Set.of(ApiResource.ENDPOINT_SLICES_V1BETA1);
    return new KindSources(Kind.ENDPOINT_SLICE, resources, selectors, selectors, unfilled, false);
  }

  /// Our own Node.
  static KindSources node(String name) {
    List<Map.Entry<String, String>> selectors = List.of(Map.entry(FIELDS, "metadata.name=" + name));
    return new KindSources(
        Kind.NODE, List.of(ApiResource.NODES), selectors, selectors, Set.of(), true);
  }

  /// ServiceCIDRs.
  static KindSources serviceCidrs() {
    return new KindSources(
        Kind.SERVICE_CIDR,
        List.of(ApiResource.SERVICE_CIDRS_V1, ApiResource.SERVICE_CIDRS_V1BETA1),
        List.of(),
        List.of(),
        Set.of(),
        true);
  }

  /// What a role must allow, as in `list and watch on endpointslices.discovery.k8s.io`.
  static String permission(ApiResource resource) {
    int slash = resource.apiVersion().indexOf('/');
    String group = slash < 0 ? "" : "." + resource.apiVersion().substring(0, slash);
    return "list and watch on " + plural(resource) + group;
  }

  /// The name of the resource, as in `endpointslices`.
  static String plural(ApiResource resource) {
    return resource.path().substring(resource.path().lastIndexOf('/') + 1);
  }
}
