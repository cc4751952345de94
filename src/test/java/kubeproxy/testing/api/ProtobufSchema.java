package kubeproxy.testing.api;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Numbers and types of the fields of API messages, from the `generated.proto` files of Kubernetes.
/// Only what a node proxy reads is here; the rest is left out of what is encoded.
final class ProtobufSchema {
  private static final String TEXT =
      """
      ObjectMeta name=1:text namespace=3:text uid=5:text resourceVersion=6:text
      ObjectMeta generation=7:number creationTimestamp=8:time deletionTimestamp=9:time
      ObjectMeta labels=11:map annotations=12:map
      ListMeta resourceVersion=2:text continue=3:text remainingItemCount=4:number
      Service metadata=1:ObjectMeta spec=2:ServiceSpec status=3:ServiceStatus
      ServiceSpec ports=1:ServicePort selector=2:map clusterIP=3:text type=4:text
      ServiceSpec externalIPs=5:text sessionAffinity=7:text loadBalancerIP=8:text
      ServiceSpec loadBalancerSourceRanges=9:text externalName=10:text
      ServiceSpec externalTrafficPolicy=11:text healthCheckNodePort=12:number
      ServiceSpec publishNotReadyAddresses=13:flag sessionAffinityConfig=14:SessionAffinityConfig
      ServiceSpec ipFamilyPolicy=17:text clusterIPs=18:text ipFamilies=19:text
      ServiceSpec internalTrafficPolicy=22:text trafficDistribution=23:text
      ServicePort name=1:text protocol=2:text port=3:number targetPort=4:IntOrString
      ServicePort nodePort=5:number appProtocol=6:text
      SessionAffinityConfig clientIP=1:ClientIPConfig
      ClientIPConfig timeoutSeconds=1:number
      ServiceStatus loadBalancer=1:LoadBalancerStatus
      LoadBalancerStatus ingress=1:LoadBalancerIngress
      LoadBalancerIngress ip=1:text hostname=2:text ipMode=3:text
      EndpointSlice metadata=1:ObjectMeta endpoints=2:Endpoint ports=3:EndpointPort
      EndpointSlice addressType=4:text
      Endpoint addresses=1:text conditions=2:EndpointConditions hostname=3:text
      Endpoint nodeName=6:text zone=7:text hints=8:EndpointHints topology=5:map
      BetaEndpointSlice metadata=1:ObjectMeta endpoints=2:BetaEndpoint ports=3:EndpointPort
      BetaEndpointSlice addressType=4:text
      BetaEndpoint addresses=1:text conditions=2:EndpointConditions hostname=3:text
      BetaEndpoint topology=5:map nodeName=6:text hints=7:EndpointHints
      EndpointConditions ready=1:flag serving=2:flag terminating=3:flag
      EndpointHints forZones=1:ForZone forNodes=2:ForZone
      ForZone name=1:text
      EndpointPort name=1:text protocol=2:text port=3:number appProtocol=4:text
      Endpoints metadata=1:ObjectMeta subsets=2:EndpointSubset
      EndpointSubset addresses=1:EndpointAddress notReadyAddresses=2:EndpointAddress
      EndpointSubset ports=3:CoreEndpointPort
      EndpointAddress ip=1:text hostname=3:text nodeName=4:text
      CoreEndpointPort name=1:text port=2:number protocol=3:text
      Node metadata=1:ObjectMeta spec=2:NodeSpec status=3:NodeStatus
      NodeSpec podCIDR=1:text podCIDRs=7:text taints=5:Taint unschedulable=4:flag
      Taint key=1:text value=2:text effect=3:text
      NodeStatus addresses=5:NodeAddress
      NodeAddress type=1:text address=2:text
      ServiceCIDR metadata=1:ObjectMeta spec=2:ServiceCIDRSpec
      ServiceCIDRSpec cidrs=1:text
      Status metadata=1:ListMeta status=2:text message=3:text reason=4:text
      Status details=5:StatusDetails code=6:number
      StatusDetails causes=4:StatusCause retryAfterSeconds=5:number
      StatusCause reason=1:text message=2:text
      """;

  private final Map<String, Map<String, Field>> messages = new HashMap<>();

  /// A field.
  ///
  /// @param type `text`, `number`, `flag`, `map`, `time`, `IntOrString` or the name of a message
  record Field(int number, String type) {}

  ProtobufSchema() {
    for (String line : TEXT.lines().toList()) {
      String[] words = line.split(" ");
      Map<String, Field> fields = messages.computeIfAbsent(words[0], _ -> new LinkedHashMap<>());
      for (int i = 1; i < words.length; i++) {
        String[] parts = words[i].split("[=:]");
        fields.put(parts[0], new Field(Integer.parseInt(parts[1]), parts[2]));
      }
    }
  }

  /// The fields of a message, by name.
  Map<String, Field> fields(String message) {
    return messages.getOrDefault(message, Map.of());
  }
}
