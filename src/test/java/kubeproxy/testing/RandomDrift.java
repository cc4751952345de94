package kubeproxy.testing;

import java.util.List;
import java.util.Random;
import kubeproxy.nftables.program.Element;
import kubeproxy.nftables.program.ElementValue;
import kubeproxy.nftables.program.Key;
import kubeproxy.nftables.program.NamedSet;
import kubeproxy.nftables.program.Rule;
import kubeproxy.nftables.program.Statement;

/// What other programs and people may do to our table.
public final class RandomDrift {

  private RandomDrift() {}

  /// Does something, or several things.
  ///
  /// @return what, for the message of a failing test
  public static String apply(FakeNftables port, Random random) {
    StringBuilder done = new StringBuilder();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      done.append(one(port, random)).append("; ");
    }
    return done.toString();
  }

  private static String one(FakeNftables port, Random random) {
    List<String> chains = List.copyOf(port.chains());
    String chain = chains.isEmpty() ? "" : chains.get(random.nextInt(chains.size()));
    return switch (random.nextInt(16)) {
      case 0 -> {
        port.flush(chain);
        yield "flushed " + chain;
      }
      case 1 -> {
        port.gainRule(chain, Rule.of(new Statement.MarkHas(1), new Statement.Drop()));
        yield "rule in " + chain;
      }
      case 2 -> {
        port.gainChain("extra-" + random.nextInt(3));
        port.gainRule("extra-0", Rule.of(new Statement.Goto("services")));
        yield "extra chain";
      }
      case 3 -> {
        if (random.nextInt(3) == 0) {
          port.loseTable();
        }
        yield "table gone";
      }
      case 4 -> {
        if (random.nextInt(3) == 0) {
          port.gainSet("extra");
        }
        yield "extra set";
      }
      case 5, 6, 7, 8, 9 -> lose(port, random);
      default -> bend(port, random);
    };
  }

  private static NamedSet set(Random random) {
    NamedSet[] sets = NamedSet.values();
    return sets[random.nextInt(sets.length)];
  }

  private static String lose(FakeNftables port, Random random) {
    NamedSet set = set(random);
    List<Element> elements = port.elements(set);
    for (Element element : elements) {
      if (random.nextInt(3) == 0) {
        port.lose(set, element.key());
      }
    }
    return "lost of " + set.text();
  }

  /// Gives an element another value, or adds one that resembles another.
  private static String bend(FakeNftables port, Random random) {
    NamedSet set = set(random);
    List<Element> elements = port.elements(set);
    if (elements.isEmpty() || set.isLearned()) {
      return "nothing";
    }
    Element victim = elements.get(random.nextInt(elements.size()));
    Element donor = elements.get(random.nextInt(elements.size()));
    if (random.nextBoolean()) {
      ElementValue value =
          set.valueKind() == NamedSet.ValueKind.VERDICT ? new ElementValue.Drop() : donor.value();
      port.lose(set, victim.key());
      port.gain(new Element(set, victim.key(), victim.keyEnd(), value, ""));
      return "bent " + victim;
    }
    byte[] bytes = victim.key().bytes().clone();
    bytes[random.nextInt(set.valueKind() == NamedSet.ValueKind.NONE ? 3 : bytes.length)] ^=
        (byte) (1 << random.nextInt(8));
    Key key = Key.ofBytes(bytes);
    port.gain(new Element(set, key, victim.keyEnd() == null ? null : key, victim.value(), ""));
    return "added to " + set.text();
  }
}
