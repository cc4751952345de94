package kubeproxy.apidecode;

import kubeproxy.decode.Expect;
import kubeproxy.decode.MalformedInput;
import kubeproxy.decode.ObjectReading;
import kubeproxy.decode.TokenReader;

/// Takes the fields of a list in any order and gives its items as they come.
final class ListReader {
  private final TokenReader in;
  private final ItemCollector collector;
  private final ItemSink sink;
  private final String kind;
  private boolean kindSeen;
  private String resourceVersion = "";
  private String continueToken = "";
  private long items;
  private long malformed;

  ListReader(TokenReader in, ItemCollector collector, ItemSink sink) {
    this.in = in;
    this.collector = collector;
    this.sink = sink;
    kind = collector.resource().kind() + "List";
  }

  /// Reads the whole document.
  ListPage read() throws MalformedInput {
    in.next();
    Expect.fields(in, this::readField);
    // An object without a kind, say `{}`, must not pass for an empty cluster.
    if (!kindSeen) {
      throw new MalformedInput(0, 0, "kind", "", "must be " + kind);
    }
    if (in.next() != TokenReader.Token.END) {
      throw in.malformed("must not be there: the list has ended");
    }
    return new ListPage(resourceVersion, continueToken, items, malformed);
  }

  private void readField(String key) throws MalformedInput {
    switch (key) {
      case "kind" -> {
        kindSeen = true;
        expect(kind);
      }
      case "apiVersion" -> expect(collector.resource().apiVersion());
      case "metadata" -> Expect.fields(in, this::readMetadata);
      case "items" -> Expect.items(in, this::readItem);
      default -> in.skip();
    }
  }

  private void expect(String text) throws MalformedInput {
    if (!Expect.text(in).equals(text)) {
      throw in.malformed("must be " + text);
    }
  }

  private void readMetadata(String key) throws MalformedInput {
    switch (key) {
      case "resourceVersion" -> resourceVersion = Expect.text(in);
      case "continue" -> continueToken = Expect.text(in);
      default -> in.skip();
    }
  }

  private void readItem() throws MalformedInput {
    ObjectReading reading = collector.read(in);
    MalformedInput error = reading.error();
    if (error == null) {
      items++;
      sink.item(collector.item(reading));
    } else if (reading.lost()) {
      throw error;
    } else {
      malformed++;
      sink.malformed(collector.malformed(reading, error, in.path()));
    }
  }
}
