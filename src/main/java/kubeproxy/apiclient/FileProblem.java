package kubeproxy.apiclient;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/// Says in words why a file could not be read.
final class FileProblem {

  private FileProblem() {}

  /// A reason without the name of the file.
  static String describe(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file";
      case AccessDeniedException _ -> "permission denied";
      case CharacterCodingException _ -> "is not text in UTF-8";
      default -> "cannot be read: " + e.getMessage();
    };
  }
}
