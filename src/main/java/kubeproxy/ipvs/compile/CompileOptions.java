package kubeproxy.ipvs.compile;

import kubeproxy.model.IpFamily;

/// What decides beside the plan, in one family; the same for as long as the data plane lives.
///
/// @param scheduler how virtual servers choose, as the kernel names it
/// @param masqueradeMark the one bit of the packet mark that asks for masquerading
/// @param randomFully whether masquerading chooses source ports at random
public record CompileOptions(
    IpFamily family, String scheduler, int masqueradeMark, boolean randomFully) {

  public CompileOptions {
    if (Integer.bitCount(masqueradeMark) != 1) {
      throw new IllegalArgumentException("not one bit: " + masqueradeMark);
    }
  }
}
