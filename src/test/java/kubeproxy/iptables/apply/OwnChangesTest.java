package kubeproxy.iptables.apply;

import static kubeproxy.model.IpFamily.IPV4;
import static kubeproxy.model.IpFamily.IPV6;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import kubeproxy.iptables.apply.OwnChanges.Transaction;
import kubeproxy.model.IpFamily;
import org.junit.jupiter.api.Test;

/// Whose change it was, whatever is heard first: that a tool has ended or what it did.
class OwnChangesTest {
  private static final int TOOL = 70;
  private static final int OTHER = 80;

  private final OwnChanges own = new OwnChanges();

  private Set<IpFamily> heard(int generation, int sender, IpFamily... families) {
    return own.note(new Transaction(generation, sender, Set.of(families)));
  }

  @Test
  void whatOthersDoWhileNothingRunsIsToldAtOnce() {
    assertThat(heard(5, OTHER, IPV4)).containsExactly(IPV4);
    assertThat(heard(6, OTHER)).isEmpty();
    own.begin(6);
    assertThat(own.end(6, 0)).isEmpty();
    assertThat(heard(7, OTHER, IPV6)).containsExactly(IPV6);
  }

  @Test
  void whatOneToolDidIsOursHeardBeforeItsEnd() {
    own.begin(5);
    assertThat(heard(6, TOOL, IPV4)).isEmpty();
    assertThat(heard(7, TOOL, IPV4)).isEmpty();
    assertThat(own.end(7, 2)).isEmpty();
    assertThat(heard(8, TOOL, IPV4)).containsExactly(IPV4);
  }

  @Test
  void whatOneToolDidIsOursHeardAfterItsEnd() {
    own.begin(5);
    assertThat(own.end(7, 2)).isEmpty();
    own.begin(7);
    assertThat(heard(6, TOOL, IPV4)).isEmpty();
    assertThat(heard(7, TOOL, IPV4)).isEmpty();
    assertThat(heard(8, TOOL + 1, IPV4)).isEmpty();
    assertThat(own.end(8, 1)).isEmpty();
  }

  @Test
  void whatWasDoneBeforeAndIsHeardLateIsOfOthers() {
    own.begin(5);
    assertThat(heard(5, OTHER, IPV4)).containsExactly(IPV4);
    assertThat(heard(6, TOOL, IPV4)).isEmpty();
    assertThat(own.end(6, 1)).isEmpty();
  }

  @Test
  void whatIsDoneAfterwardsAndHeardEarlyIsOfOthers() {
    own.begin(5);
    heard(6, TOOL, IPV4);
    heard(7, OTHER, IPV6);
    assertThat(own.end(6, 1)).containsExactly(IPV6);
  }

  @Test
  void ofSeveralSendersTheOneWithTheRightNumberIsOurs() {
    own.begin(5);
    heard(6, TOOL, IPV4);
    heard(7, OTHER, IPV6);
    heard(8, TOOL, IPV4);
    assertThat(own.end(8, 2)).containsExactly(IPV6);
    // what is not about us does not matter
    own.begin(8);
    heard(9, OTHER);
    heard(10, OTHER);
    heard(11, TOOL, IPV4);
    assertThat(own.end(11, 1)).isEmpty();
  }

  @Test
  void ofSeveralSendersNoneIsOursIfItIsNotClear() {
    own.begin(5);
    heard(6, TOOL, IPV4);
    heard(7, OTHER);
    assertThat(own.end(7, 1)).containsExactly(IPV4);
    own.begin(7);
    assertThat(own.end(9, -1)).isEmpty();
    heard(8, TOOL, IPV4);
    assertThat(heard(9, OTHER)).containsExactly(IPV4);
  }

  @Test
  void aNotificationThatNeverComesHoldsNothingUp() {
    own.begin(5);
    heard(6, TOOL, IPV4);
    assertThat(own.end(7, 2)).isEmpty();
    assertThat(heard(8, OTHER, IPV6)).containsExactly(IPV6);
    assertThat(heard(9, OTHER, IPV4)).containsExactly(IPV4);
  }

  @Test
  void generationsBeginAnew() {
    own.begin(-1);
    assertThat(heard(-1, OTHER, IPV6)).containsExactly(IPV6);
    assertThat(heard(1, TOOL, IPV4)).isEmpty();
    assertThat(own.end(1, 1)).isEmpty();
    own.begin(Integer.MAX_VALUE);
    assertThat(own.end(Integer.MIN_VALUE, 1)).isEmpty();
    assertThat(heard(Integer.MIN_VALUE, TOOL, IPV4)).isEmpty();
    assertThat(heard(Integer.MIN_VALUE + 1, TOOL, IPV4)).containsExactly(IPV4);
  }
}
