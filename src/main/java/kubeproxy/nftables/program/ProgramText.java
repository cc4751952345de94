package kubeproxy.nftables.program;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.ObjectKey;
import kubeproxy.model.Protocol;
import kubeproxy.plan.Backend;
import org.jspecify.annotations.Nullable;

/// The text form of a program, in the syntax of the `nft` tool: `nft -f` accepts it, and what it
/// then installs is what we install. Sorted, so that equal programs have equal texts.
public final class ProgramText {
  private final IpFamily family;

  private ProgramText(IpFamily family) {
    this.family = family;
  }

  /// The text of a whole program.
  ///
  /// @param shapeRules the rules of the chains that exist only while somebody needs them
  public static String print(Program program, Function<ShapeChain, List<Rule>> shapeRules) {
    return new ProgramText(program.family()).table(program, shapeRules);
  }

  /// The text of one element.
  public static String element(IpFamily family, Element element) {
    return new ProgramText(family).element(element);
  }

  /// The text of one rule.
  public static String rule(IpFamily family, Rule rule) {
    return new StatementText(family).rule(rule);
  }

  private String table(Program program, Function<ShapeChain, List<Rule>> shapeRules) {
    StringBuilder text = new StringBuilder();
    text.append("table ").append(StatementText.ip(family)).append(" kube-proxy {\n");
    Map<NamedSet, List<Element>> elements = elements(program);
    for (NamedSet set : NamedSet.values()) {
      appendSet(text, set, elements.getOrDefault(set, List.of()));
    }
    for (ShapeChain shape : shapes(program)) {
      appendChain(text, new ChainRules(shape.chain(), null, shapeRules.apply(shape)));
    }
    program.chains().forEach(chain -> appendChain(text, chain));
    return text.append("}\n").toString();
  }

  /// The shapes that a program needs, sorted by name.
  public static List<ShapeChain> shapes(Program program) {
    TreeSet<ShapeChain> shapes = new TreeSet<>();
    program
        .fragments()
        .forEach(
            (_, fragment) ->
                fragment
                    .shapes()
                    .forEach(shape -> {
                      shape.leadsTo().forEach(shapes::add);
                      shapes.add(shape);
                    }));
    return List.copyOf(shapes);
  }

  private Map<NamedSet, List<Element>> elements(Program program) {
    Map<NamedSet, List<Element>> bySet = new EnumMap<>(NamedSet.class);
    collect(program.node(), bySet);
    for (ObjectKey key : program.fragments().sortedKeys()) {
      Fragment fragment = program.fragments().get(key);
      if (fragment != null) {
        collect(fragment, bySet);
      }
    }
    bySet.values().forEach(list -> list.sort((a, b) -> a.key().compareTo(b.key())));
    return bySet;
  }

  private void collect(Fragment fragment, Map<NamedSet, List<Element>> bySet) {
    for (Element element : fragment.elements()) {
      bySet.computeIfAbsent(element.set(), _ -> new ArrayList<>()).add(element);
    }
    for (Slots slots : fragment.slots()) {
      List<Element> list = bySet.computeIfAbsent(slots.set(), _ -> new ArrayList<>());
      for (int i = 0; i < slots.backends().size(); i++) {
        list.add(slotElement(family, slots, i));
      }
    }
  }

  /// Slot `index` as an element.
  public static Element slotElement(IpFamily family, Slots slots, int index) {
    Backend backend = slots.backends().get(index);
    Key value =
        Key.builder(slots.set().valueBytes(family))
            .address(backend.address())
            .port(backend.port())
            .build();
    return Element.of(slots.set(), slots.prefix().withIndex(index), new ElementValue.Data(value));
  }

  private void appendSet(StringBuilder text, NamedSet set, List<Element> elements) {
    boolean isMap = set.valueKind() != NamedSet.ValueKind.NONE;
    text.append("\t").append(isMap ? "map " : "set ").append(set.text()).append(" {\n");
    text.append("\t\t").append(type(set)).append("\n");
    if (set.hasRanges()) {
      text.append("\t\tflags interval\n");
    }
    if (set.isLearned()) {
      text.append("\t\tflags dynamic,timeout\n");
    }
    text.append("\t\tcomment \"").append(set.comment()).append("\"\n");
    if (!elements.isEmpty()) {
      text.append("\t\telements = {\n");
      elements.forEach(e -> text.append("\t\t\t").append(element(e)).append(",\n"));
      text.append("\t\t}\n");
    }
    text.append("\t}\n\n");
  }

  /// `nft` has no name for the type of a random number, so maps with slots are declared by example.
  private String type(NamedSet set) {
    String value =
        switch (set.valueKind()) {
          case NONE -> "";
          case VERDICT -> " : verdict";
          case BACKEND -> set.hasSlots() ? " : " + example(NamedSet.BACKEND_FIELDS)
              : " : " + types(NamedSet.BACKEND_FIELDS);
        };
    return set.hasSlots()
        ? "typeof " + example(set.key()) + value
        : "type " + types(set.key()) + value;
  }

  private String types(List<FieldType> fields) {
    return fields.stream().map(field -> field.text(family)).collect(Collectors.joining(" . "));
  }

  private String example(List<FieldType> fields) {
    return fields.stream()
        .map(
            field ->
                switch (field) {
                  case ADDRESS -> StatementText.ip(family) + " daddr";
                  case PROTOCOL -> "meta l4proto";
                  case PORT -> "th dport";
                  case INDEX -> "numgen random mod 2";
                })
        .collect(Collectors.joining(" . "));
  }

  private String element(Element element) {
    StringBuilder text = new StringBuilder();
    text.append(key(element.set().key(), element.key(), element.keyEnd()));
    if (!element.comment().isEmpty()) {
      text.append(" comment \"").append(element.comment()).append('"');
    }
    ElementValue value = element.value();
    if (value != null) {
      text.append(" : ").append(value(value));
    }
    return text.toString();
  }

  private String value(ElementValue value) {
    return switch (value) {
      case ElementValue.Drop() -> "drop";
      case ElementValue.Goto(String chain) -> "goto " + chain;
      case ElementValue.Data(Key bytes) -> key(NamedSet.BACKEND_FIELDS, bytes, bytes);
      case ElementValue.OtherVerdict(int code, String chain) -> "verdict " + code + " " + chain;
    };
  }

  private String key(
      List<FieldType> fields, Key key, @Nullable Key keyEnd) {
    ByteBuffer first = ByteBuffer.wrap(key.toBytes());
    ByteBuffer last = ByteBuffer.wrap((keyEnd == null ? key : keyEnd).toBytes());
    List<String> parts = new ArrayList<>();
    for (FieldType field : fields) {
      String from = component(field, first);
      String to = component(field, last);
      parts.add(from.equals(to) ? from : from + "-" + to);
    }
    return String.join(" . ", parts);
  }

  private String component(FieldType field, ByteBuffer bytes) {
    int end = bytes.position() + field.paddedBytes(family);
    String text =
        switch (field) {
          case ADDRESS -> {
            byte[] address = new byte[family.bytes()];
            bytes.get(address);
            yield IpAddress.ofBytes(address).toString();
          }
          case PROTOCOL -> protocol(bytes.get() & 0xff);
          case PORT -> Integer.toString(bytes.getShort() & 0xffff);
          case INDEX ->
              "0x%08x".formatted(bytes.order(ByteOrder.nativeOrder()).getInt());
        };
    bytes.order(ByteOrder.BIG_ENDIAN).position(end);
    return text;
  }

  private static String protocol(int number) {
    for (Protocol protocol : Protocol.values()) {
      if (protocol.number() == number) {
        return protocol.lowerCase();
      }
    }
    return Integer.toString(number);
  }

  private void appendChain(StringBuilder text, ChainRules chain) {
    StatementText statements = new StatementText(family);
    text.append("\tchain ").append(chain.name()).append(" {\n");
    Hook hook = chain.hook();
    if (hook != null) {
      text.append("\t\ttype ").append(hook.type()).append(" hook ").append(hook.name());
      text.append(" priority ").append(hook.priority()).append("; policy accept;\n");
    }
    chain.rules().forEach(r -> text.append("\t\t").append(statements.rule(r)).append('\n'));
    text.append("\t}\n\n");
  }
}
