package dev.demur.serve.ollama;

import dev.demur.serve.answer.Seen;
import dev.demur.serve.registry.Done;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// A line of an answer, the last of which ends it.
///
/// @param model as it was asked for
/// @param createdAt when, ISO 8601
/// @param message of a chat
/// @param response of a text
/// @param thinking of a text, what was thought
/// @param done whether it is the last
/// @param doneReason `stop` or `length`
/// @param promptEvalCount tokens of the prompt
/// @param evalCount tokens written
/// @param totalDuration nanoseconds
/// @param demur what was done to the model
record Line(
    String model,
    String createdAt,
    Optional<Message> message,
    Optional<String> response,
    Optional<String> thinking,
    boolean done,
    Optional<String> doneReason,
    OptionalInt promptEvalCount,
    OptionalInt evalCount,
    OptionalLong totalDuration,
    Optional<Beside> demur) {

  /// What was said.
  record Message(String role, String content, Optional<String> thinking) {}

  /// What was done to the model, and what its monitor saw.
  record Beside(Done done, Optional<Seen> monitor) {}
}
