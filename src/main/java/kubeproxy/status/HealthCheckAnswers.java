package kubeproxy.status;

import java.net.Inet4Address;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.plan.NodePortAddresses;
import kubeproxy.text.GoQuote;

/// What one health check port answers, on any path and to any method. Answers are replaced by one
/// thread at a time and read by any.
final class HealthCheckAnswers implements Route {
  private static final int GOOD = 200;
  private static final int BAD = 503;

  private final HealthState health;
  private volatile Map<IpFamily, Served> byFamily = Map.of();

  /// What a Service has to say in one family.
  ///
  /// @param localReadyEndpoints how many ready endpoints run on this node
  /// @param addresses where it is to be heard
  record Served(ObjectKey service, int localReadyEndpoints, NodePortAddresses addresses) {}

  HealthCheckAnswers(HealthState health) {
    this.health = health;
  }

  void replace(Map<IpFamily, Served> served) {
    byFamily = new EnumMap<>(served);
  }

  @Override
  public Answer answer(Request request) {
    IpFamily family = request.server() instanceof Inet4Address ? IpFamily.IPV4 : IpFamily.IPV6;
    Served served = byFamily.get(family);
    // A socket for all addresses of both families hears more than was asked for.
    return served == null || !isHeardAt(request, served) ? Answer.notFound() : answer(served);
  }

  private static boolean isHeardAt(Request request, Served served) {
    return switch (served.addresses()) {
      case NodePortAddresses.AllLocal _ -> true;
      case NodePortAddresses.Only only ->
          only.addresses().contains(IpAddress.ofBytes(request.server().getAddress()));
    };
  }

  private Answer answer(Served served) {
    // Whether the node is eligible for new traffic does not matter: it has endpoints, or it has
    // not.
    boolean proxyHealthy = health.report().live();
    int endpoints = served.localReadyEndpoints();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("X-Load-Balancing-Endpoint-Weight", Integer.toString(endpoints));
    byte[] body = body(served, proxyHealthy).getBytes(StandardCharsets.UTF_8);
    return new Answer(endpoints > 0 && proxyHealthy ? GOOD : BAD, headers, body);
  }

  private static String body(Served served, boolean proxyHealthy) {
    return "{\n\t\"service\": {\n\t\t\"namespace\": "
        + GoQuote.quote(served.service().namespace())
        + ",\n\t\t\"name\": "
        + GoQuote.quote(served.service().name())
        + "\n\t},\n\t\"localEndpoints\": "
        + served.localReadyEndpoints()
        + ",\n\t\"serviceProxyHealthy\": "
        + proxyHealthy
        + "\n}";
  }
}
