package kubeproxy.kernel.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class LibcTest {

  @Test
  void aFailedCallNamesItselfAndTheError() {
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> Libc.close(-1))
        .withMessage("close: EBADF (bad file descriptor)")
        .satisfies(failure -> {
          assertThat(failure.is(Errno.EBADF)).isTrue();
          assertThat(failure.errno()).isEqualTo(9);
          assertThat(failure.call()).isEqualTo("close");
        });
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> Libc.open("/absent"))
        .withMessage("open(/absent): ENOENT (no such file or directory)");
  }

  @Test
  void everydayFailuresAreNegativeErrorNumbers() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(8);
    assertThat(Libc.recv(-1, buffer, 0)).isEqualTo(-Errno.EBADF.number());
  }

  @Test
  void threadsDoNotSeeTheErrorsOfOneAnother() throws Exception {
    int rounds = 20_000;
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Void> closing = threads.submit(repeat(rounds, () -> Libc.close(-1), Errno.EBADF));
      Future<Void> opening =
          threads.submit(repeat(rounds, () -> Libc.open("/absent"), Errno.ENOENT));
      closing.get();
      opening.get();
    }
  }

  @Test
  void anEventEndsAPoll() throws Exception {
    int first = Libc.eventfd();
    int second = Libc.eventfd();
    try {
      assertThat(Libc.poll(first, second, 0)).isZero();
      Libc.raise(second);
      assertThat(Libc.poll(first, second, -1)).isEqualTo(1);
    } finally {
      Libc.close(first);
      Libc.close(second);
    }
  }

  @Test
  void aFunctionThatIsNotThereIsNamed() {
    assertThatExceptionOfType(UnsatisfiedLinkError.class)
        .isThrownBy(() -> Symbols.intFunction("no_such_function"))
        .withMessage("the C library has no function no_such_function");
  }

  @Test
  void errorsHaveNamesAndUnknownOnesTheirNumber() {
    assertThat(Errno.of(17)).contains(Errno.EEXIST);
    assertThat(Errno.nameOf(524)).isEqualTo("ENOTSUPP");
    assertThat(Errno.nameOf(0)).isEqualTo("errno 0");
    assertThat(Errno.nameOf(4000)).isEqualTo("errno 4000");
    assertThat(Errno.textOf(-1)).isEqualTo("unknown error");
  }

  private interface FailingCall {
    void run() throws KernelException;
  }

  private static Callable<Void> repeat(int rounds, FailingCall call, Errno expected) {
    return () -> {
      for (int i = 0; i < rounds; i++) {
        try {
          call.run();
          throw new AssertionError("it did not fail");
        } catch (KernelException failure) {
          assertThat(failure.is(expected)).isTrue();
        }
      }
      return null;
    };
  }
}
