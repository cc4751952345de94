package kubeproxy.decode;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.ServiceCidr;

/// networking.k8s.io ServiceCIDR.
final class ServiceCidrFields extends ObjectFields {
  private final List<IpPrefix> cidrs = new ArrayList<>();

  ServiceCidrFields(Interner interner) {
    super(ResourceType.SERVICE_CIDR, interner);
  }

  @Override
  void readOwn(String key, TokenReader in) throws MalformedInput {
    if (key.equals("spec")) {
      Expect.fields(in, field -> readSpec(field, in));
    } else {
      in.skip();
    }
  }

  private void readSpec(String key, TokenReader in) throws MalformedInput {
    if (key.equals("cidrs")) {
      addPrefixes(in, cidrs);
    } else {
      in.skip();
    }
  }

  @Override
  void emit(ObjectSink sink) {
    ObjectKey key = metadata.clusterKey();
    sink.object(new ServiceCidr(key, cidrs, problemsOf(key)));
  }
}
