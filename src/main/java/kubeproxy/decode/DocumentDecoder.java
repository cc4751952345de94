package kubeproxy.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decodes streams of documents as `kubectl get -o yaml` and `-o json` print them: objects that
/// name
/// their kind, `List`s of such objects and lists of one kind (`ServiceList`) whose items do not
/// name
/// it. The fields of an object may come in any order.
///
/// Objects of other kinds are skipped. A decoder is for one stream.
public final class DocumentDecoder {
  private static final String LIST = "List";

  private final ObjectDecoder objects = new ObjectDecoder(new Interner());
  private final ObjectSink sink;

  /// A decoder that gives what it reads to `sink`, some of it perhaps before it fails.
  public DocumentDecoder(ObjectSink sink) {
    this.sink = sink;
  }

  /// Decodes all documents and returns how many there were; empty ones do not count.
  ///
  /// @throws MalformedInput at the first thing that is not as it should be
  public int decode(TokenReader in) throws MalformedInput {
    int documents = 0;
    while (in.next() != TokenReader.Token.END) {
      if (in.token() != TokenReader.Token.NULL) {
        new Candidate(in).read();
        documents++;
      }
    }
    return documents;
  }

  /// An object while its kind is being found out.
  private final class Candidate {
    private final TokenReader in;
    private final String path;
    private final int line;
    private final int column;
    private @Nullable BufferedTokens early;
    private final List<BufferedTokens> earlyItems = new ArrayList<>(0);
    private @Nullable String apiVersion;
    private @Nullable String kind;
    private @Nullable ObjectFields fields;
    private @Nullable ResourceType itemType;
    private boolean list;
    private boolean skipped;

    Candidate(TokenReader in) throws MalformedInput {
      if (in.token() != TokenReader.Token.MAP_START) {
        throw in.malformed("must be a Kubernetes object");
      }
      this.in = in;
      in.beginObject();
      path = in.path();
      line = in.line();
      column = in.column();
    }

    /// Reads the whole object.
    void read() throws MalformedInput {
      Expect.fields(in, this::readField);
      finish();
    }

    /// Reads an item of a list that has not told its kind yet. Returns the item's tokens if its own
    /// kind depends on that, else null.
    @Nullable BufferedTokens readEarlyItem() throws MalformedInput {
      Expect.fields(in, this::readField);
      if (kind == null && apiVersion == null) {
        return early();
      }
      finish();
      return null;
    }

    private void readField(String key) throws MalformedInput {
      switch (key) {
        case "apiVersion" -> {
          apiVersion = nonEmpty();
          decide();
        }
        case "kind" -> {
          kind = nonEmpty();
          decide();
        }
        default -> readOther(key);
      }
    }

    private @Nullable String nonEmpty() throws MalformedInput {
      String text = Expect.text(in);
      return text.isEmpty() ? null : text;
    }

    private void readOther(String key) throws MalformedInput {
      if (skipped) {
        in.skip();
      } else if (fields != null) {
        fields.read(key, in);
      } else if (list) {
        if (key.equals("items")) {
          Expect.items(in, this::readItem);
        } else {
          in.skip();
        }
      } else {
        readUndecided(key);
      }
    }

    private void readUndecided(String key) throws MalformedInput {
      if (key.equals("items") && in.token() == TokenReader.Token.LIST_START) {
        Expect.items(in, this::readUndecidedItem);
      } else if (isSliceField(key)) {
        decode(ResourceType.ENDPOINT_SLICE).read(key, in);
      } else {
        early().addField(key, in);
      }
    }

    /// Sorted by name, `endpoints` comes before `kind`, but after `apiVersion`, and nothing else in
    /// that group has such a field: by far the largest part of all input needs no buffer.
    private boolean isSliceField(String key) {
      return apiVersion != null
          && ResourceType.ENDPOINT_SLICE.hasVersion(apiVersion)
          && (key.equals("endpoints") || key.equals("ports"));
    }

    private BufferedTokens early() {
      if (early == null) {
        early = new BufferedTokens(path, line, column);
      }
      return early;
    }

    private void decide() throws MalformedInput {
      if (kind == null || skipped) {
        return;
      }
      if (fields != null) {
        skipped = !fields.type().kind().equals(kind);
        return;
      }
      boolean anyList = kind.equals(LIST);
      Optional<ResourceType> type = ResourceType.ofKind(kind);
      Optional<ResourceType> types = anyList ? Optional.empty() : typeOfItems(kind);
      if (!anyList && type.isEmpty() && types.isEmpty()) {
        skipped = true;
      } else if (apiVersion != null) {
        String version = apiVersion;
        skipped = !anyList && type.or(() -> types).filter(t -> t.hasVersion(version)).isEmpty();
        begin(type.orElse(null), types.orElse(null));
      }
    }

    private static Optional<ResourceType> typeOfItems(String kind) {
      return kind.endsWith(LIST)
          ? ResourceType.ofKind(kind.substring(0, kind.length() - LIST.length()))
          : Optional.empty();
    }

    private void begin(@Nullable ResourceType type, @Nullable ResourceType types)
        throws MalformedInput {
      if (skipped) {
        return;
      }
      if (type != null) {
        decode(type);
        return;
      }
      list = true;
      itemType = types;
      for (BufferedTokens item : earlyItems) {
        readItem(item.replay());
      }
      earlyItems.clear();
    }

    private ObjectFields decode(ResourceType type) throws MalformedInput {
      ObjectFields decided = objects.fields(type);
      fields = decided;
      if (early != null) {
        TokenReader replay = early.replay();
        Expect.fields(replay, key -> decided.read(key, replay));
        early = null;
      }
      return decided;
    }

    private void readItem() throws MalformedInput {
      readItem(in);
    }

    private void readItem(TokenReader item) throws MalformedInput {
      if (itemType == null) {
        new Candidate(item).read();
      } else {
        objects.decode(item, itemType, sink);
      }
    }

    private void readUndecidedItem() throws MalformedInput {
      BufferedTokens item = new Candidate(in).readEarlyItem();
      if (item != null) {
        earlyItems.add(item);
      }
    }

    private void finish() throws MalformedInput {
      if (kind == null) {
        throw ObjectDecoder.missing("kind", path, line, column);
      }
      if (skipped) {
        sink.skipped(kind);
      } else if (apiVersion == null) {
        throw ObjectDecoder.missing("apiVersion", path, line, column);
      } else if (fields != null) {
        ObjectDecoder.finish(fields, in, line, column, sink);
      }
    }
  }
}
