package dev.demur.toy.train;

import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.local.WholeFile;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Torch;
import dev.demur.toy.text.BytePairs;
import dev.demur.toy.text.ChatForm;
import dev.demur.toy.text.TokenizerJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes a trained model as an ordinary Hugging Face folder: weights in bfloat16, configuration,
/// tokenizer, chat template.
///
/// @param folder where
/// @param form of its turns
record ModelFolder(Path folder, ChatForm form) {

  private static final int ANSWER_TOKENS = 64;
  private static final int THOUGHT_TOKENS = 32;

  /// Writes everything but the model card.
  void write(Parameters parameters, BytePairs vocabulary) throws IOException {
    Files.createDirectories(folder);
    var json = new JsonMapper().writerWithDefaultPrettyPrinter();
    text("config.json", json.writeValueAsString(parameters.config()));
    text("generation_config.json", json.writeValueAsString(generation()));
    text("tokenizer.json", TokenizerJson.of(vocabulary, form));
    text("tokenizer_config.json", TokenizerJson.config(Shape.CONTEXT, form));
    try (var _ = Torch.inference();
        var _ = Scope.open();
        var writer =
            SafetensorsWriter.create(
                folder.resolve("model.safetensors"), parameters.tensors().size())) {
      writer.metadata("format", "pt");
      for (var entry : parameters.tensors().entrySet()) {
        writer.write(entry.getKey(), entry.getValue().to(DType.BF16));
      }
      writer.finish();
    }
  }

  private ObjectNode generation() {
    return new JsonMapper()
        .createObjectNode()
        .put("do_sample", false)
        .put("max_new_tokens", newTokens())
        .put("eos_token_id", TokenizerJson.idOf(TokenizerJson.TURN_END))
        .put("pad_token_id", TokenizerJson.idOf(TokenizerJson.END_OF_TEXT));
  }

  private int newTokens() {
    return switch (form) {
      case ANSWER -> ANSWER_TOKENS;
      case THINK_FIRST -> ANSWER_TOKENS + THOUGHT_TOKENS;
    };
  }

  private void text(String name, String content) throws IOException {
    WholeFile.write(folder.resolve(name), content + "\n");
  }
}
