package kubeproxy.iptables.apply;

import static kubeproxy.kernel.nftables.NfTables.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import kubeproxy.iptables.program.Match;
import kubeproxy.iptables.program.Rule;
import kubeproxy.iptables.program.Target;
import kubeproxy.kernel.netlink.Attributes;
import kubeproxy.kernel.netlink.MalformedMessageException;
import kubeproxy.model.IpAddress;
import kubeproxy.model.IpFamily;
import kubeproxy.model.IpPrefix;
import kubeproxy.model.Protocol;
import org.jspecify.annotations.Nullable;

/// Reads rules that `iptables-nft` wrote from the expressions as which nf_tables holds them:
/// conditions on addresses, interface and protocol, then matches, a counter, and what becomes of
/// the packet. Simple matches are expressions of nf_tables too, all others those of xtables.
///
/// A rule is read whole or not at all. Used by one thread.
final class RuleReader {
  private final IpFamily family;
  private final Attributes expression = new Attributes();
  private final Attributes parts = new Attributes();
  private final Attributes data = new Attributes();
  private final Attributes value = new Attributes();
  private final Attributes verdict = new Attributes();

  private Rule.Builder rule = Rule.builder();
  private @Nullable Protocol protocol;
  private @Nullable Target target;

  /// Whether matches have begun, behind which there are no other conditions.
  private boolean inMatches;

  /// The conditions there are so far; each of those that are no matches is there but once.
  private final Set<Loaded> seen = EnumSet.noneOf(Loaded.class);

  /// What the register holds that is compared next; null if nothing.
  private @Nullable Loaded loaded;

  private int register;
  private int loadedBytes;
  private byte @Nullable [] mask;

  private enum Loaded {
    INTERFACE,
    PROTOCOL,
    SOURCE,
    DESTINATION,
    MARK,
    PORT
  }

  RuleReader(IpFamily family) {
    this.family = family;
  }

  /// Reads a rule.
  ///
  /// @param expressions at the rule's list of expressions
  /// @return null if it says anything that we do not write
  @Nullable Rule read(Attributes expressions) throws MalformedMessageException {
    rule = Rule.builder();
    protocol = null;
    target = null;
    inMatches = false;
    seen.clear();
    loaded = null;
    Attributes list = expressions.nested(expression);
    while (list.next()) {
      if (target != null || !readExpression(list)) {
        return null;
      }
    }
    return loaded == null ? rule.then(target == null ? new Target.None() : target) : null;
  }

  private boolean readExpression(Attributes at) throws MalformedMessageException {
    String name = "";
    boolean understood = false;
    at.nested(parts);
    while (parts.next()) {
      if (parts.type() == NFTA_EXPR_NAME) {
        name = parts.string();
      } else if (parts.type() == NFTA_EXPR_DATA) {
        parts.nested(data);
        understood = readNamed(name);
      }
    }
    return understood;
  }

  private boolean readNamed(String name) throws MalformedMessageException {
    return switch (name) {
      case "meta" -> loaded == null && meta();
      case "payload" -> loaded == null && payload();
      case "bitwise" -> loaded != null && mask == null && bitwise();
      case "cmp" -> loaded != null && compare();
      case "match" -> loaded == null && extension(false);
      case "counter" -> loaded == null;
      case "immediate" -> loaded == null && immediate();
      case "target" -> loaded == null && extension(true);
      default -> false;
    };
  }

  private boolean meta() throws MalformedMessageException {
    int key = -1;
    register = -1;
    while (data.next()) {
      switch (data.type()) {
        case NFTA_META_DREG -> register = data.u32Big();
        case NFTA_META_KEY -> key = data.u32Big();
        default -> {
          return false;
        }
      }
    }
    return switch (key) {
      case NFT_META_IIFNAME -> load(Loaded.INTERFACE, 0);
      case NFT_META_L4PROTO -> load(Loaded.PROTOCOL, 1);
      case NFT_META_MARK -> load(Loaded.MARK, Integer.BYTES);
      default -> false;
    };
  }

  private boolean payload() throws MalformedMessageException {
    int base = -1;
    int offset = -1;
    int length = 0;
    register = -1;
    while (data.next()) {
      switch (data.type()) {
        case NFTA_PAYLOAD_DREG -> register = data.u32Big();
        case NFTA_PAYLOAD_BASE -> base = data.u32Big();
        case NFTA_PAYLOAD_OFFSET -> offset = data.u32Big();
        case NFTA_PAYLOAD_LEN -> length = data.u32Big();
        default -> {
          return false;
        }
      }
    }
    if (base == NFT_PAYLOAD_TRANSPORT_HEADER) {
      return offset == 2 && length == 2 && load(Loaded.PORT, length);
    }
    int addressBytes = family.bits() / Byte.SIZE;
    int source = family == IpFamily.IPV4 ? 12 : 8;
    if (base != NFT_PAYLOAD_NETWORK_HEADER || length < 1 || length > addressBytes) {
      return false;
    }
    return offset == source
        ? load(Loaded.SOURCE, length)
        : offset == source + addressBytes && load(Loaded.DESTINATION, length);
  }

  private boolean load(Loaded what, int bytes) {
    loaded = what;
    loadedBytes = bytes;
    mask = null;
    return register >= 0;
  }

  private boolean bitwise() throws MalformedMessageException {
    boolean known = true;
    int destination = -1;
    while (data.next()) {
      switch (data.type()) {
        case NFTA_BITWISE_SREG -> known &= data.u32Big() == register;
        case NFTA_BITWISE_DREG -> destination = data.u32Big();
        case NFTA_BITWISE_LEN -> known &= data.u32Big() == loadedBytes;
        case NFTA_BITWISE_MASK -> mask = dataValue();
        case NFTA_BITWISE_XOR -> known &= isZero(dataValue());
        case NFTA_BITWISE_OP -> known &= data.u32Big() == NFT_BITWISE_BOOL;
        default -> known = false;
      }
    }
    register = destination;
    return known && mask != null && mask.length == loadedBytes;
  }

  private static boolean isZero(byte[] bytes) {
    for (byte each : bytes) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  /// The bytes in the present attribute of [#data].
  private byte[] dataValue() throws MalformedMessageException {
    data.nested(value);
    return value.next() && value.type() == NFTA_DATA_VALUE ? value.bytes() : new byte[0];
  }

  private boolean compare() throws MalformedMessageException {
    boolean known = true;
    int operation = -1;
    byte[] with = new byte[0];
    while (data.next()) {
      switch (data.type()) {
        case NFTA_CMP_SREG -> known &= data.u32Big() == register;
        case NFTA_CMP_OP -> operation = data.u32Big();
        case NFTA_CMP_DATA -> with = dataValue();
        default -> known = false;
      }
    }
    known &= operation == NFT_CMP_EQ || operation == NFT_CMP_NEQ;
    boolean negated = operation == NFT_CMP_NEQ;
    Loaded what = loaded;
    loaded = null;
    return known
        && what != null
        && (loadedBytes == 0 || with.length == loadedBytes)
        && condition(what, negated, with);
  }

  private boolean condition(Loaded what, boolean negated, byte[] with) {
    return switch (what) {
      case INTERFACE -> isFirst(what) && mask == null && incoming(negated, with);
      case PROTOCOL -> isFirst(what) && mask == null && !negated && only(with[0] & 0xff);
      case SOURCE -> isFirst(what) && block(true, negated, with);
      case DESTINATION -> isFirst(what) && block(false, negated, with);
      case MARK -> mark(negated, with);
      case PORT -> mask == null && !negated && port(XtStruct.u16Big(with, 0));
    };
  }

  private boolean isFirst(Loaded what) {
    return !inMatches && seen.add(what);
  }

  /// A name ends with a zero byte; what does not is how names begin.
  private boolean incoming(boolean negated, byte[] with) {
    int end = 0;
    while (end < with.length && with[end] != 0) {
      end++;
    }
    String name = new String(with, 0, end, StandardCharsets.UTF_8);
    rule.by(new Rule.Interface(negated, end < with.length ? name : name + "+"));
    return end > 0;
  }

  private boolean only(int number) {
    for (Protocol each : Protocol.values()) {
      if (each.number() == number) {
        protocol = each;
        rule.protocol(each);
        return true;
      }
    }
    return false;
  }

  private boolean block(boolean source, boolean negated, byte[] with) {
    int length = mask == null ? with.length * Byte.SIZE : prefixLength(mask);
    if (length < 0) {
      return false;
    }
    IpAddress address = IpAddress.ofBytes(Arrays.copyOf(with, family.bits() / Byte.SIZE));
    IpPrefix prefix = new IpPrefix(address, length);
    Rule.Block block = new Rule.Block(negated, prefix);
    if (source) {
      rule.from(block);
    } else {
      rule.to(block);
    }
    return prefix.address().equals(address);
  }

  /// How many bits of a mask are set; -1 if others than the first are.
  private static int prefixLength(byte[] mask) {
    int length = 0;
    for (byte each : mask) {
      length += Integer.bitCount(each & 0xff);
    }
    for (int bit = 0; bit < length; bit++) {
      if ((mask[bit / Byte.SIZE] & (0x80 >>> (bit % Byte.SIZE))) == 0) {
        return -1;
      }
    }
    return length;
  }

  private boolean mark(boolean negated, byte[] with) {
    int bits = ByteBuffer.wrap(with).order(ByteOrder.nativeOrder()).getInt();
    return Arrays.equals(mask, with) && add(new Match.Mark(negated, bits));
  }

  private boolean port(int port) {
    return protocol != null && port != 0 && add(new Match.Transport(protocol, port));
  }

  private boolean add(@Nullable Match match) {
    inMatches = true;
    if (match == null) {
      return false;
    }
    rule.match(match);
    return !(match instanceof Match.Transport(Protocol of, _)) || of == protocol;
  }

  private boolean extension(boolean isTarget) throws MalformedMessageException {
    String name = "";
    int revision = -1;
    byte[] held = new byte[0];
    while (data.next()) {
      switch (data.type()) {
        case NFTA_XT_NAME -> name = data.string();
        case NFTA_XT_REV -> revision = data.u32Big();
        case NFTA_XT_INFO -> held = data.bytes();
        default -> {
          return false;
        }
      }
    }
    if (!isTarget) {
      return add(XtMatches.read(name, revision, held, family));
    }
    target = XtTargets.read(name, revision, held, family);
    return target != null;
  }

  private boolean immediate() throws MalformedMessageException {
    boolean known = false;
    while (data.next()) {
      switch (data.type()) {
        case NFTA_IMMEDIATE_DREG -> known = data.u32Big() == NFT_REG_VERDICT;
        case NFTA_IMMEDIATE_DATA -> {
          data.nested(value);
          target = value.next() && value.type() == NFTA_DATA_VERDICT ? verdict() : null;
        }
        default -> {
          return false;
        }
      }
    }
    return known && target != null;
  }

  private @Nullable Target verdict() throws MalformedMessageException {
    int code = Integer.MIN_VALUE;
    String chain = "";
    value.nested(verdict);
    while (verdict.next()) {
      switch (verdict.type()) {
        case NFTA_VERDICT_CODE -> code = verdict.u32Big();
        case NFTA_VERDICT_CHAIN -> chain = verdict.string();
        default -> {
          return null;
        }
      }
    }
    return switch (code) {
      case NF_ACCEPT -> new Target.Accept();
      case NF_DROP -> new Target.Drop();
      case NFT_RETURN -> new Target.Return();
      case NFT_JUMP -> new Target.Jump(chain);
      default -> null;
    };
  }
}
