package dev.demur.lab.latent;

import dev.demur.model.text.Prompt;
import dev.demur.model.text.TokenIds;
import java.util.List;

/// Prompts of one kind.
///
/// @param name as in reports: `plain`, `harmless`
/// @param prompts at least two
public record AskedPrompts(String name, List<Prompt> prompts) {

  public AskedPrompts {
    prompts = List.copyOf(prompts);
  }

  List<TokenIds> tokens() {
    return prompts.stream().map(Prompt::tokens).toList();
  }

  List<String> texts() {
    return prompts.stream().map(Prompt::text).toList();
  }
}
