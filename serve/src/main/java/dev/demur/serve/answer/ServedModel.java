package dev.demur.serve.answer;

import dev.demur.model.ChatModel;
import dev.demur.model.generate.Engine;
import java.io.IOException;
import java.time.Instant;

/// The model that is served, and the engine that writes for everybody.
///
/// @param name as clients know it
/// @param chat the model
/// @param engine runs it
/// @param weightsSha256 of its weight files
/// @param since when the server began
public record ServedModel(
    String name, ChatModel chat, Engine engine, String weightsSha256, Instant since) {

  /// A model and its engine, which belongs to the caller.
  ///
  /// @throws IOException if the weight files cannot be read
  public static ServedModel of(ChatModel chat, Engine engine) throws IOException {
    return new ServedModel(chat.name(), chat, engine, chat.files().weightsHash(), Instant.now());
  }

  /// Tokens of a prompt and its answer together.
  public int context() {
    return engine.limit().tokens();
  }
}
