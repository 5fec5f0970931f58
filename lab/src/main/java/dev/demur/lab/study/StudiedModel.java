package dev.demur.lab.study;

import dev.demur.lab.coherence.WrittenAnswers;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.prompts.Sample;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.model.ChatModel;
import dev.demur.model.text.Prompt;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.util.List;

/// A model as a study asks it.
///
/// @param model the model
/// @param formats how prompts are written
/// @param identity what all stored outputs depend on
/// @param written what it has answered without an edit; gets every such answer
record StudiedModel(
    ChatModel model, Prompting.Formats formats, ModelIdentity identity, WrittenAnswers written) {

  static StudiedModel of(ChatModel model, Prompting prompting) throws IOException {
    return new StudiedModel(
        model,
        prompting.formats(model.prompts()),
        ModelIdentity.of(model, prompting.facts()),
        new WrittenAnswers());
  }

  /// Prompts as they are read and scored, up to where the answer begins.
  List<Prompt> prompts(Sample sample) {
    return sample.instructions().stream().map(formats.scoring()::format).toList();
  }

  /// Makes sure that the model can answer every prompt, before hours have gone into some.
  ///
  /// @throws dev.demur.model.text.ContextLengthException naming one that it cannot
  void requireAnswerable(List<PromptSet> sets) {
    var limit = model.transformer().limit();
    sets.stream()
        .flatMap(set -> set.instructions().stream())
        .map(formats.answering()::format)
        .forEach(limit::requireAnswerable);
  }

  /// How many candidates there are: end-of-instruction tokens times layers.
  int candidates() {
    return formats.scoring().eoiTokens().size() * model.config().nLayers();
  }

  List<TokenIds> tokens(Sample sample) {
    return Reading.tokens(prompts(sample));
  }
}
