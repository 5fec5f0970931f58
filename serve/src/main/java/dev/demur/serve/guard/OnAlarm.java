package dev.demur.serve.guard;

/// What is done when a prompt is harmful and the model does not refuse.
public sealed interface OnAlarm {

  /// The operator is told.
  record Log() implements OnAlarm {}

  /// The client is told too.
  record Flag() implements OnAlarm {}

  /// The answer is not written.
  record Refuse() implements OnAlarm {}

  /// The answer is written under a policy of the server.
  ///
  /// @param name of the policy
  record Under(String name) implements OnAlarm {}

  /// Reads `log`, `flag`, `refuse` or `policy:NAME`.
  static OnAlarm parse(String text) {
    return switch (text) {
      case "log" -> new Log();
      case "flag" -> new Flag();
      case "refuse" -> new Refuse();
      default -> {
        if (!text.startsWith("policy:") || text.endsWith(":")) {
          throw new IllegalArgumentException(
              "on an alarm one can log, flag, refuse or take policy:NAME, not \"" + text + "\"");
        }
        yield new Under(text.substring("policy:".length()));
      }
    };
  }
}
