package kubeproxy.status;

import java.util.Map;
import java.util.function.IntConsumer;
import kubeproxy.text.GoQuote;

/// `/debug/flags/v`: a number that is put there becomes the verbosity of the log.
///
/// @param verbosity told the number, 0 or more
record VerbosityRoute(IntConsumer verbosity) implements Route {
  private static final long LARGEST_UNSIGNED = 0xffff_ffffL;
  private static final int MOST_DIGITS = 18;

  @Override
  public Answer answer(Request request) {
    if (!request.method().equals("PUT")) {
      return plain(406, "unsupported http method");
    }
    String text = request.body();
    if (!text.matches("[0-9]+")) {
      return plain(400, "strconv.ParseUint: parsing " + GoQuote.quote(text) + ": invalid syntax");
    }
    String digits = text.replaceFirst("^0+(?=.)", "");
    long level = digits.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
    if (level > LARGEST_UNSIGNED) {
      return plain(
          400, "strconv.ParseUint: parsing " + GoQuote.quote(text) + ": value out of range");
    }
    if (level > Integer.MAX_VALUE) {
      return plain(
          400,
          "failed set klog.logging.verbosity "
              + text
              + ": strconv.ParseInt: parsing "
              + GoQuote.quote(text)
              + ": value out of range");
    }
    verbosity.accept((int) level);
    return plain(200, "successfully set klog.logging.verbosity to " + text);
  }

  private static Answer plain(int code, String text) {
    Answer answer = Answer.text(code, text + "\n");
    return new Answer(
        code,
        Map.of("Content-Type", "text/plain", "X-Content-Type-Options", "nosniff"),
        answer.body());
  }
}
