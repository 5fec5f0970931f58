package dev.demur.lab.latent;

import dev.demur.lab.judge.Panel;
import dev.demur.lab.latent.LatentResult.DecodedRow;
import dev.demur.lab.latent.LatentResult.PatchscopeResult;
import dev.demur.lab.latent.LatentResult.Tail;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.run.Stage;
import dev.demur.model.ChatModel;
import dev.demur.model.local.Readers;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// Asks a model's lower layers what they hold.
///
/// @param model the model
/// @param questions what is asked
public record Latent(ChatModel model, LatentQuestions questions) {

  private static final JsonMapper JSON = JsonMapper.shared();

  /// @throws IllegalArgumentException if the model does not have the layers, or its stream is no
  ///   sum of what attention and MLPs write
  public Latent {
    model.transformer().requireAttention("an explanation");
    questions.require(model.config().nLayers());
  }

  /// Asks, or takes what an earlier run in the same store has left. Texts, where they are kept, are
  /// written to the store's folder.
  ///
  /// @param plain prompts that show the behaviour, at least two
  /// @param harmless prompts that do not, at least two
  public LatentResult ask(
      AskedPrompts plain, AskedPrompts harmless, RunStore store, Progress progress)
      throws IOException {
    var identity = ModelIdentity.of(model);
    return new LatentResult(
        questions.decoding().isPresent()
            ? new Answers(questions.decoding().get(), identity, store, progress).of(plain, harmless)
            : List.of(),
        questions.patchscope().isPresent()
            ? Optional.of(
                patched(questions.patchscope().get(), plain, harmless, identity, store, progress))
            : Optional.empty());
  }

  private PatchscopeResult patched(
      Patchscope scope,
      AskedPrompts plain,
      AskedPrompts harmless,
      ModelIdentity identity,
      RunStore store,
      Progress progress)
      throws IOException {
    var patching = new Patching(model, scope);
    return store.get(
        new Stage.OfValue<>(
            "latent-patchscope",
            List.of(identity, scope, plain.texts(), harmless.texts(), questions.seed()),
            PatchscopeResult.class,
            _ -> patching.run(plain, harmless, questions.seed())),
        progress);
  }

  /// Early answers of both kinds of prompts. Texts are gathered as they come.
  private final class Answers {
    private final EarlyDecoding how;
    private final ModelIdentity identity;
    private final RunStore store;
    private final Progress progress;
    private final StringBuilder texts = new StringBuilder();
    private final Panel panel = Panel.usual();

    Answers(EarlyDecoding how, ModelIdentity identity, RunStore store, Progress progress) {
      this.how = how;
      this.identity = identity;
      this.store = store;
      this.progress = progress;
    }

    List<DecodedRow> of(AskedPrompts plain, AskedPrompts harmless) throws IOException {
      var rows = new ArrayList<DecodedRow>();
      for (var asked : List.of(plain, harmless)) {
        rows.add(row(asked, model.config().nLayers(), Tail.NONE));
        for (int layer : how.layers()) {
          for (var tail : Tail.values()) {
            rows.add(row(asked, layer, tail));
          }
        }
      }
      if (how.texts() == EarlyDecoding.Texts.KEPT) {
        store.folder().write(RunFolder.DECODED, texts.toString(), Readers.OWNER);
      }
      return rows;
    }

    private DecodedRow row(AskedPrompts asked, int layer, Tail tail) throws IOException {
      var decoding =
          new Decoding(model, identity, how, layer, tail, asked, panel, questions.seed());
      try (var _ = Scope.open()) {
        var answers = store.get(decoding, progress);
        answers.forEach(answer -> keep(answer, decoding));
        return decoding.row(answers);
      }
    }

    private void keep(DecodedAnswer answer, Decoding decoding) {
      if (answer.text().isEmpty()) {
        return;
      }
      var line = new LinkedHashMap<String, Object>();
      line.put("layer", decoding.layer());
      line.put("tail", decoding.tail());
      line.put("prompts", decoding.asked().name());
      line.put("instruction", decoding.asked().prompts().get(answer.index()).instruction());
      line.put("answer", answer.text().get());
      texts.append(JSON.writeValueAsString(line)).append('\n');
    }
  }
}
