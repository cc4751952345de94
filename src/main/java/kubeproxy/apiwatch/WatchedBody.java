package kubeproxy.apiwatch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import kubeproxy.apiclient.ApiResponse;
import kubeproxy.apidecode.ApiEncoding;

/// The body of an answer, which is given up when nothing comes for too long. One thread reads; any
/// may look at it or give it up.
final class WatchedBody extends FilterInputStream {
  private final ApiResponse response;
  private final ApiEncoding encoding;
  private final LongSupplier nanoTime;
  private volatile long silenceNanos;
  private volatile long heardNanos;
  private volatile boolean reading;
  private volatile boolean silent;

  WatchedBody(ApiResponse response, ApiEncoding encoding, Duration silence, LongSupplier nanoTime) {
    super(response.body());
    this.response = response;
    this.encoding = encoding;
    this.nanoTime = nanoTime;
    this.silenceNanos = silence.toNanos();
    this.heardNanos = nanoTime.getAsLong();
  }

  ApiEncoding encoding() {
    return encoding;
  }

  /// Changes how long nothing may come, from now on.
  void allowSilence(Duration silence) {
    heardNanos = nanoTime.getAsLong();
    silenceNanos = silence.toNanos();
  }

  /// Whether it was given up because nothing came.
  boolean wasSilent() {
    return silent;
  }

  /// Gives it up if nothing has come for too long while somebody waited for it.
  void giveUpIfSilent() {
    // The time first: what is heard while this decides then counts as heard in time.
    long now = nanoTime.getAsLong();
    if (reading && now - heardNanos > silenceNanos) {
      silent = true;
      response.close();
    }
  }

  @Override
  public int read() throws IOException {
    begin();
    try {
      return super.read();
    } finally {
      end();
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    begin();
    try {
      return super.read(bytes, offset, length);
    } finally {
      end();
    }
  }

  @Override
  public void close() {
    response.close();
  }

  /// Only the time of waiting counts, not that of whoever handles what came before.
  private void begin() {
    heardNanos = nanoTime.getAsLong();
    reading = true;
  }

  private void end() {
    reading = false;
  }
}
