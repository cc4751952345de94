package kubeproxy.apidecode;

import java.util.OptionalInt;
import kubeproxy.decode.Expect;
import kubeproxy.decode.MalformedInput;
import kubeproxy.decode.TokenReader;

/// Takes the fields of a `Status` in any order.
final class StatusFields {
  static final String KIND = "Status";

  private String kind = "";
  private int code;
  private String reason = "";
  private String message = "";
  private int retryAfterSeconds;

  /// Reads the object that the reader stands at the start of, to its end.
  void read(TokenReader in) throws MalformedInput {
    Expect.fields(in, key -> readField(key, in));
  }

  private void readField(String key, TokenReader in) throws MalformedInput {
    switch (key) {
      case "kind" -> kind = Expect.text(in);
      case "code" -> code = Expect.number(in);
      case "reason" -> reason = Expect.text(in);
      case "message" -> message = Expect.text(in);
      case "details" -> Expect.fields(in, field -> readDetail(field, in));
      default -> in.skip();
    }
  }

  private void readDetail(String key, TokenReader in) throws MalformedInput {
    if (key.equals("retryAfterSeconds")) {
      retryAfterSeconds = Expect.number(in);
    } else {
      in.skip();
    }
  }

  /// Whether the object said that it is one.
  boolean isStatus() {
    return kind.equals(KIND);
  }

  /// What was read so far.
  ///
  /// @param otherCode the code if the object has none
  ApiStatus status(int otherCode) {
    return new ApiStatus(
        code == 0 ? otherCode : code,
        reason,
        message,
        retryAfterSeconds > 0 ? OptionalInt.of(retryAfterSeconds) : OptionalInt.empty());
  }
}
