package dev.demur.lab.trial;

import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Stage;
import dev.demur.model.ChatModel;
import dev.demur.model.forward.Activations;
import dev.demur.model.forward.Capture;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.Prompt;
import dev.demur.model.text.TokenizedText.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// How much of what a prompt's last token looks at in the instruction lies on alarming words: the
/// attention on their tokens, summed over layers and heads, by that on all tokens of the
/// instruction. Text around the instruction does not count, so that rows with a wrapper and without
/// can be compared.
///
/// After "over-attention" in Shi et al. 2024 (arXiv 2401.17633); the measure is ours.
///
/// @param shares of the attention, one for each prompt that has such a word
/// @param words which share of the instruction's tokens those words are, the same
record Attention(List<Double> shares, List<Double> words) {

  /// Prompts read at a time.
  private static final int CHUNK = 16;

  Attention {
    shares = List.copyOf(shares);
    words = List.copyOf(words);
  }

  /// The instructions it can be measured on: those with an alarming word, and with other words.
  static List<String> with(AlarmingWords alarming, List<String> instructions) {
    return instructions.stream()
        .filter(
            one -> {
              int held = alarming.in(one).stream().mapToInt(at -> at.to() - at.from()).sum();
              return held > 0 && held < one.strip().length();
            })
        .toList();
  }

  /// The stage that measures it.
  ///
  /// @param instructions as [#with] leaves them
  static Stage.OfValue<Attention> stage(
      ChatModel model,
      ModelIdentity identity,
      TrialRow row,
      List<String> instructions,
      AlarmingWords alarming) {
    return new Stage.OfValue<>(
        "trial-attention",
        List.of(
            identity, row.identity(), instructions, alarming.words().stream().sorted().toList()),
        Attention.class,
        _ -> measure(model, row, instructions, alarming));
  }

  /// What the stage computes.
  static Attention measure(
      ChatModel model, TrialRow row, List<String> instructions, AlarmingWords alarming) {
    var shares = new ArrayList<Double>();
    var words = new ArrayList<Double>();
    var plan = row.policy().plan(model.config().nLayers());
    for (int from = 0; from < instructions.size(); from += CHUNK) {
      var chunk = instructions.subList(from, Math.min(instructions.size(), from + CHUNK));
      var prompts = chunk.stream().map(one -> model.prompt(row.wrap().around(one))).toList();
      var seen = seen(model, prompts, plan);
      for (int i = 0; i < chunk.size(); i++) {
        var spans = model.tokenizer().encodeWithSpans(prompts.get(i).text()).spans();
        var at = place(chunk.get(i), prompts.get(i));
        var asked = tokens(spans, List.of(at));
        var loud = tokens(spans, moved(alarming.in(chunk.get(i).strip()), at));
        shares.add(sum(seen.get(i), loud) / sum(seen.get(i), asked));
        words.add((double) loud.size() / asked.size());
      }
    }
    return new Attention(shares, words);
  }

  /// Where an instruction stands in its prompt.
  private static Span place(String instruction, Prompt prompt) {
    String text = instruction.strip();
    int from = prompt.text().lastIndexOf(text);
    if (from < 0) {
      throw new IllegalArgumentException(
          "the chat template changes the words of an instruction, so they cannot be found in the"
              + " prompt");
    }
    return new Span(from, from + text.length());
  }

  private static List<Span> moved(List<Span> spans, Span into) {
    return spans.stream()
        .map(span -> new Span(span.from() + into.from(), span.to() + into.from()))
        .toList();
  }

  private static List<Integer> tokens(List<Span> tokens, List<Span> wanted) {
    return IntStream.range(0, tokens.size())
        .filter(i -> wanted.stream().anyMatch(tokens.get(i)::overlaps))
        .boxed()
        .toList();
  }

  private static double sum(double[] seen, List<Integer> tokens) {
    return tokens.stream().mapToDouble(i -> seen[i]).sum();
  }

  /// What the last token of each prompt looks at, over all layers and heads, by token.
  private static List<double[]> seen(ChatModel model, List<Prompt> prompts, HookPlan plan) {
    var seen = prompts.stream().map(prompt -> new double[prompt.length()]).toList();
    var capture = Capture.at(Site.PATTERN_LAST).last().withoutLogits();
    try (var _ = Scope.open();
        Activations run = model.run(prompts, capture, plan)) {
      for (int layer = 0; layer < model.config().nLayers(); layer++) {
        for (int i = 0; i < prompts.size(); i++) {
          var pattern = run.get(new HookPoint(layer, Site.PATTERN_LAST), i);
          double[] here = pattern.reshape(pattern.dim(0), -1).sum(0).toDoubles(); // [key]
          double[] all = seen.get(i);
          for (int key = 0; key < all.length; key++) {
            all[key] += here[key];
          }
        }
      }
    }
    return seen;
  }
}
