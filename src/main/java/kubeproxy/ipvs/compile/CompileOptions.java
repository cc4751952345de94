package kubeproxy.ipvs.compile;

import kubeproxy.model.IpFamily;

/// What decides beside the plan, in one family; the same for as long as the data plane lives.
///
/// @param scheduler how virtual servers choose, as the kernel names it
/// @param masqueradeMark the one bit of the packet mark that asks for masquerading
public record CompileOptions(IpFamily family, String scheduler, int masqueradeMark) {

  public CompileOptions {
    if (Integer.bitCount(masqueradeMark) != 1) {
      throw new IllegalArgumentException("not one bit: " + masqueradeMark);
    }
  }
}
