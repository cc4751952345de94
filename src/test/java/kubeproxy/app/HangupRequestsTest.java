package kubeproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HangupRequestsTest {
  private final HangupRequests requests = new HangupRequests();
  private final AtomicInteger answers = new AtomicInteger();

  @Test
  void signalsDuringTheStartAreAnsweredOnceItIsOver() {
    requests.ask();
    requests.ask();
    assertThat(answers).hasValue(0);
    requests.answerBy(answers::incrementAndGet);
    assertThat(answers).hasValue(1);
  }

  @Test
  void laterOnesAreAnsweredAsTheyCome() {
    requests.answerBy(answers::incrementAndGet);
    assertThat(answers).hasValue(0);
    requests.ask();
    requests.ask();
    assertThat(answers).hasValue(2);
  }
}
