package dev.demur.lab.study;

import dev.demur.lab.Sha256;
import dev.demur.lab.study.StudyResult.ModelFacts;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Hashes and facts that identify what a study worked on.
final class Facts {

  private Facts() {}

  static ModelFacts of(ChatModel model, Bench bench, Collection<Integer> refusalTokens)
      throws IOException {
    long parameters = 0;
    for (String name : model.files().weights().names()) {
      parameters += model.files().weights().info(name).elements();
    }
    var config = model.config();
    return new ModelFacts(
        model.name(),
        config.family(),
        model.transformer().dtype().name().toLowerCase(Locale.ROOT),
        config.nLayers(),
        config.dModel(),
        parameters,
        bench.basis().weights(),
        bench.basis().template(),
        bench.formats().scoring().eoiTokens().stream().mapToObj(model.tokenizer()::token).toList(),
        refusalTokens.stream().sorted().map(model.tokenizer()::token).toList());
  }

  static String hash(Optional<String> text) {
    return Sha256.ofText(text.orElse(""));
  }

  static String hash(Collection<?> values) {
    var joined = new StringBuilder();
    for (var value : values) {
      // Lengths keep ["ab"] and ["a", "b"] apart.
      String text = value instanceof Collection<?> inner ? hash(inner) : String.valueOf(value);
      joined.append(text.length()).append(':').append(text);
    }
    return Sha256.ofText(joined.toString());
  }
}
