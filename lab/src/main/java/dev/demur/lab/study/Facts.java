package dev.demur.lab.study;

import dev.demur.lab.Sha256;
import dev.demur.lab.study.StudyResult.ModelFacts;
import java.io.IOException;
import java.util.Collection;

/// Hashes and facts that identify what a study worked on.
final class Facts {

  private Facts() {}

  static ModelFacts of(StudiedModel asked, Collection<Integer> refusalTokens) throws IOException {
    var model = asked.model();
    long parameters = 0;
    for (String name : model.files().weights().names()) {
      parameters += model.files().weights().info(name).elements();
    }
    var config = model.config();
    return new ModelFacts(
        model.name(),
        config.family(),
        asked.identity().dtype(),
        config.nLayers(),
        config.dModel(),
        parameters,
        asked.identity().weights(),
        asked.identity().template(),
        asked.formats().scoring().eoiTokens().stream().mapToObj(model.tokenizer()::text).toList(),
        refusalTokens.stream().sorted().map(model.tokenizer()::text).toList());
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
