package kubeproxy.testing.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.Protocol;

/// One sentence about packets: who sends them, where to, and what must become of them.
///
/// @param text the sentence as it is written, for messages
/// @param source where the packets come from; empty stands for each of the crowd
/// @param port of the destination
public record Check(
    String text,
    Optional<IpAddress> source,
    IpAddress destination,
    int port,
    Protocol protocol,
    Expectation expectation) {

  /// The port of an endpoint whose port a sentence does not name.
  private static final int USUAL_PORT = 80;

  private static final Pattern SENTENCE =
      Pattern.compile("(\\S+) to (\\S+):([0-9]+)/(TCP|UDP|SCTP) (.*)");

  private static final Pattern REACHING =
      Pattern.compile("(reaches|sticks to one of|sticks to) (.+?)(?: as (itself|the node))?");

  /// Those who can send, by the names that sentences use.
  private static final Map<String, String> NAMES =
      Map.of(
          "pod", "10.0.0.2",
          "outside", "203.0.113.2",
          "blocked", "203.0.113.130",
          "node", "192.168.0.2",
          "second-node-address", "192.168.1.2",
          "localhost", "127.0.0.1");

  /// What must become of the packets.
  public sealed interface Expectation {

    /// Connections are answered by these endpoints and no others, and each of them answers.
    record Reaches(List<Target> targets, Source seen) implements Expectation {
      public Reaches {
        targets = List.copyOf(targets);
      }
    }

    /// Each client is always answered by the same one of these endpoints.
    record Sticks(List<Target> targets, Source seen) implements Expectation {
      public Sticks {
        targets = List.copyOf(targets);
      }
    }

    /// Refused at once.
    record Refused() implements Expectation {}

    /// No answer at all.
    record Dropped() implements Expectation {}

    /// Delivered where it was sent to, untranslated: the proxy does not care.
    record NotServed() implements Expectation {}
  }

  /// An endpoint.
  public record Target(IpAddress address, int port) implements Comparable<Target> {

    @Override
    public int compareTo(Target other) {
      int byAddress = address.compareTo(other.address);
      return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
    }

    @Override
    public String toString() {
      return address.withPort(port);
    }
  }

  /// Whose address the endpoint must see.
  public enum Source {
    ANY,
    CLIENT,
    NODE,
    /// Any of the node's, also if that is the client's too.
    RELAY
  }

  /// This check in a mode in which the node talks to endpoints itself, unless the client does.
  Check relayed() {
    Target sentTo = new Target(destination, port);
    if (expectation instanceof Expectation.Reaches(var targets, _) && targets.contains(sentTo)) {
      return this;
    }
    Expectation relayed =
        switch (expectation) {
          case Expectation.Reaches(var targets, _) ->
              new Expectation.Reaches(targets, Source.RELAY);
          case Expectation.Sticks(var targets, _) -> new Expectation.Sticks(targets, Source.RELAY);
          case Expectation.Refused _, Expectation.Dropped _, Expectation.NotServed _ -> expectation;
        };
    return new Check(text, source, destination, port, protocol, relayed);
  }

  /// Understands a sentence, for one family.
  static Check parse(YamlTree tree, IpFamily family) {
    String text = tree.text();
    Matcher sentence = SENTENCE.matcher(text);
    if (!sentence.matches()) {
      throw tree.error(
          "not understood: '" + text + "'; expected: WHO to ADDRESS:PORT/PROTOCOL ...");
    }
    int port = Integer.parseInt(sentence.group(3));
    String who = sentence.group(1);
    return new Check(
        text,
        who.equals("crowd")
            ? Optional.empty()
            : Optional.of(address(tree, NAMES.getOrDefault(who, who), family)),
        address(tree, sentence.group(2), family),
        port,
        Protocol.valueOf(sentence.group(4)),
        expectation(tree, sentence.group(5), family));
  }

  private static Expectation expectation(YamlTree tree, String text, IpFamily family) {
    Matcher reaching = REACHING.matcher(text);
    if (reaching.matches()) {
      var targets = new ArrayList<Target>();
      for (String target : reaching.group(2).split(", ", -1)) {
        targets.add(target(tree, target, family));
      }
      Source seen = source(reaching.group(3));
      return reaching.group(1).startsWith("sticks")
          ? new Expectation.Sticks(targets, seen)
          : new Expectation.Reaches(targets, seen);
    }
    return switch (text) {
      case "is refused" -> new Expectation.Refused();
      case "is dropped" -> new Expectation.Dropped();
      case "is not served" -> new Expectation.NotServed();
      default ->
          throw tree.error(
              "not understood: '"
                  + text
                  + "'; expected: reaches A, B [as itself|as the node] / sticks to [one of] A, B /"
                  + " is refused / is dropped / is not served");
    };
  }

  private static Source source(String text) {
    if (text == null) {
      return Source.ANY;
    }
    return text.equals("itself") ? Source.CLIENT : Source.NODE;
  }

  private static Target target(YamlTree tree, String text, IpFamily family) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return new Target(address(tree, text, family), USUAL_PORT);
    }
    return new Target(
        address(tree, text.substring(0, colon), family),
        Integer.parseInt(text.substring(colon + 1)));
  }

  private static IpAddress address(YamlTree tree, String text, IpFamily family) {
    try {
      return IpAddress.parse(FamilyAddresses.translate(text, family))
          .orElseThrow(() -> tree.error("not an address and not a name: " + text));
    } catch (IllegalArgumentException e) {
      throw tree.error(String.valueOf(e.getMessage()));
    }
  }
}
