package dev.demur.lab.run;

import dev.demur.lab.Sha256;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What of a model decides all that is computed with it; part of the inputs of every stage.
///
/// @param weights SHA-256 of the weight files
/// @param template SHA-256 of the chat template's source
/// @param dtype type its matrices are held in
/// @param computedOn what computes its numbers
/// @param prompting how prompts are put to it, where that is not as the template does
public record ModelIdentity(
    String weights,
    String template,
    String dtype,
    ComputedOn computedOn,
    Map<String, String> prompting) {

  public ModelIdentity {
    prompting = Collections.unmodifiableMap(new TreeMap<>(prompting)); // one order, for hashes
  }

  /// A model that is asked as its own prompt format does.
  public static ModelIdentity of(ChatModel model) throws IOException {
    return of(model, model.prompts().changes());
  }

  /// A model that is asked in a way of one's own.
  public static ModelIdentity of(ChatModel model, Map<String, String> prompting)
      throws IOException {
    return new ModelIdentity(
        model.files().weightsHash(),
        Sha256.ofText(model.chatTemplate().orElse("")),
        model.transformer().dtype().name().toLowerCase(Locale.ROOT),
        ComputedOn.of(model),
        prompting);
  }
}
