package kubeproxy.nftables.program;

import java.util.List;

/// One rule of a chain.
///
/// @param comment why it is there, for people who list it; may be empty
public record Rule(List<Statement> statements, String comment) {

  public Rule {
    statements = List.copyOf(statements);
  }

  /// A rule without comment.
  public static Rule of(Statement... statements) {
    return new Rule(List.of(statements), "");
  }

  /// A rule with a comment.
  public static Rule of(String comment, Statement... statements) {
    return new Rule(List.of(statements), comment);
  }
}
