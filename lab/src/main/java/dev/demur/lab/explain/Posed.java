package dev.demur.lab.explain;

import dev.demur.lab.Seeds;
import dev.demur.lab.latent.AskedPrompts;
import dev.demur.model.ChatModel;
import dev.demur.model.text.Prompt;
import dev.demur.model.text.PromptFormat;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Prompts under one condition.
///
/// @param indices which prompts of their set they are
record Posed(Condition condition, List<Integer> indices, List<Prompt> prompts) {

  static Posed plain(Condition condition, ChatModel model, List<String> instructions) {
    return new Posed(
        condition,
        IntStream.range(0, instructions.size()).boxed().toList(),
        instructions.stream().map(model::prompt).toList());
  }

  int size() {
    return prompts.size();
  }

  List<String> instructions() {
    return prompts.stream().map(Prompt::instruction).toList();
  }

  List<String> texts() {
    return prompts.stream().map(Prompt::text).toList();
  }

  List<TokenIds> tokens() {
    return prompts.stream().map(Prompt::tokens).toList();
  }

  AskedPrompts asked() {
    return new AskedPrompts(condition.name(), prompts);
  }

  Posed only(List<Integer> kept) {
    return new Posed(condition, kept, kept.stream().map(prompts::get).toList());
  }

  Posed first(int count) {
    int n = Math.min(count, size());
    return new Posed(condition, indices.subList(0, n), prompts.subList(0, n));
  }

  Posed suffixed(Condition other, PromptFormat format) {
    var suffixed =
        prompts.stream()
            .map(p -> format.formatWithSuffix(p.instruction(), other.suffix()))
            .toList();
    return new Posed(other, indices, suffixed);
  }

  /// The same prompts with random words in place of their suffix.
  Posed random(Condition other, RandomSuffix draw, Seeds seeds) {
    var drawn = new ArrayList<Prompt>();
    for (int i = 0; i < size(); i++) {
      var random = seeds.generator(other.name() + "/" + indices.get(i));
      var prompt = prompts.get(i);
      drawn.add(draw.after(prompt.instruction(), RandomSuffix.length(prompt), random));
    }
    return new Posed(other, indices, drawn);
  }
}
