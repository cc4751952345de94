package kubeproxy.apidecode;

import java.util.ArrayList;
import java.util.List;
import kubeproxy.decode.Interner;
import kubeproxy.decode.MalformedInput;
import kubeproxy.decode.ObjectDecoder;
import kubeproxy.decode.ObjectReading;
import kubeproxy.decode.ObjectSink;
import kubeproxy.decode.TokenReader;
import kubeproxy.model.ClusterObject;
import kubeproxy.model.ObjectId;
import kubeproxy.model.Problem;

/// Reads objects of one resource, one at a time.
final class ItemCollector implements ObjectSink {
  private final ApiResource resource;
  private final ObjectDecoder decoder;
  private final List<ClusterObject> objects = new ArrayList<>(1);
  private final List<Problem> ignored = new ArrayList<>(0);

  ItemCollector(ApiResource resource, Interner interner) {
    this.resource = resource;
    decoder = new ObjectDecoder(interner);
  }

  ApiResource resource() {
    return resource;
  }

  /// Reads the object that the reader stands at the start of, to its end.
  ObjectReading read(TokenReader in) {
    objects.clear();
    ignored.clear();
    return decoder.read(in, resource.type(), this);
  }

  /// The object that was read last, without an error.
  ApiItem item(ObjectReading reading) {
    return new ApiItem(id(reading), reading.resourceVersion(), objects, ignored);
  }

  /// What an object is called.
  ObjectId id(ObjectReading reading) {
    return new ObjectId(resource.modelKind(), reading.key());
  }

  /// The object that was read last, with an error.
  ///
  /// @param path where in the document the object is
  MalformedItem malformed(ObjectReading reading, MalformedInput error, String path) {
    String name = reading.key().name().isEmpty() ? "" : reading.key().toString();
    return new MalformedItem(name, resource, describe(error, path));
  }

  /// An error in one line.
  ///
  /// @param path where the object is that the error is about: so much is left out
  static String describe(MalformedInput error, String path) {
    String within = error.path();
    if (!path.isEmpty() && within.startsWith(path)) {
      within = within.substring(within.startsWith(path + ".") ? path.length() + 1 : path.length());
    }
    String place = within.isEmpty() ? "" : within + ": ";
    String value = error.value().isEmpty() ? "" : ", not \"" + error.value() + "\"";
    return place + error.message() + value;
  }

  @Override
  public void object(ClusterObject object) {
    objects.add(object);
  }

  @Override
  public void ignored(Problem problem) {
    ignored.add(problem);
  }

  @Override
  public void skipped(String kind) {
    // An item without records says so.
  }
}
