package dev.demur.lab.latent;

import dev.demur.lab.Seeds;
import dev.demur.lab.latent.LatentResult.PatchedRow;
import dev.demur.lab.latent.LatentResult.PatchscopeResult;
import dev.demur.lab.score.LogLikelihood;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.stats.Rate;
import dev.demur.model.ChatModel;
import dev.demur.model.forward.Capture;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Positions;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import dev.demur.model.text.Prompt.Region;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Puts streams into another prompt and weighs two readings of each.
final class Patching {

  /// Streams put there side by side.
  private static final int TOGETHER = 32;

  private final ChatModel model;
  private final Patchscope scope;
  private final Prompt other;
  private final List<TokenIds> readings;

  /// @throws IllegalArgumentException if a reading grows together with what is before it
  Patching(ChatModel model, Patchscope scope) {
    this.model = model;
    this.scope = scope;
    this.other =
        switch (scope.presented()) {
          case RAW -> model.prompts().raw(scope.text());
          case CHAT -> model.prompt(scope.text());
        };
    this.readings = List.of(following(scope.harmless()), following(scope.harmful()));
  }

  /// Where the stream is read and put.
  private Positions place(Prompt prompt) {
    int position =
        switch (scope.token()) {
          case WORD -> prompt.regions().lastIndexOf(Region.INSTRUCTION) - prompt.length();
          case END -> -1;
        };
    return new Positions(position, position);
  }

  /// The tokens of a reading behind the other prompt.
  private TokenIds following(String reading) {
    int length = other.text().length();
    var joined = model.tokenizer().encodeWithSpans(other.text() + reading);
    int from =
        IntStream.range(0, joined.tokens().size())
            .filter(i -> joined.spans().get(i).to() > length)
            .findFirst()
            .orElse(joined.tokens().size());
    var before = joined.tokens().slice(0, from);
    // The prompt may have a token in front that the tokenizer puts around a text.
    var own = other.tokens();
    if (before.size() > own.size()
        || !own.slice(own.size() - before.size(), own.size()).equals(before)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the reading '%s' shares a token with the prompt before it; begin it with a space or"
                  + " punctuation",
              reading));
    }
    return joined.tokens().slice(from, joined.tokens().size());
  }

  /// @param plain prompts that show the behaviour
  /// @param harmless prompts that do not
  /// @param seed of the random streams
  PatchscopeResult run(AskedPrompts plain, AskedPrompts harmless, long seed) {
    try (var _ = Scope.open()) {
      var rows = new ArrayList<PatchedRow>();
      var own = streams(plain.prompts());
      var others = streams(harmless.prompts());
      for (int i = 0; i < scope.layers().size(); i++) {
        int layer = scope.layers().get(i);
        int into = scope.into().orElse(layer);
        rows.add(row(layer, into, plain.name(), own.get(i)));
        rows.add(row(layer, into, harmless.name(), others.get(i)));
        rows.add(row(layer, into, "random", random(own.get(i), seed)));
      }
      var unpatched = unpatched();
      return new PatchscopeResult(
          scope.text(),
          scope.harmless(),
          scope.harmful(),
          unpatched.get(1) - unpatched.get(0),
          rows);
    }
  }

  /// The stream of each prompt's token at every layer that is read, `[prompt, d_model]` each.
  List<Tensor> streams(List<Prompt> prompts) {
    var layers = scope.layers();
    var between =
        Capture.at(Site.RESID_PRE)
            .layers(Collections.min(layers), Collections.max(layers))
            .withoutLogits();
    var read = layers.stream().map(_ -> new ArrayList<Tensor>()).toList();
    for (var prompt : prompts) {
      int position = place(prompt).from();
      var capture = between.positions(position, position);
      try (var seen = model.run(List.of(prompt), capture, HookPlan.none())) {
        for (int i = 0; i < layers.size(); i++) {
          var stream = seen.get(new HookPoint(layers.get(i), Site.RESID_PRE), 0);
          read.get(i).add(stream.reshape(1, model.config().dModel()).copy());
        }
      }
    }
    return read.stream().map(rows -> Tensor.cat(rows, 0)).toList();
  }

  /// As many streams that mean nothing, each as long as one of these.
  private Tensor random(Tensor like, long seed) {
    var random = new Random(new Seeds(seed).forStage("latent-streams"));
    var drawn = Tensor.gaussian(random, like.dim(0), like.dim(1));
    var lengths = like.square().sum(1).dividedBy(drawn.square().sum(1)).sqrt();
    return drawn.times(lengths.unsqueeze(1));
  }

  private PatchedRow row(int layer, int into, String name, Tensor streams) {
    var preferences = new ArrayList<Double>();
    for (long from = 0; from < streams.dim(0); from += TOGETHER) {
      long count = Math.min(TOGETHER, streams.dim(0) - from);
      for (var each : logProbabilities(streams.narrow(0, from, count), into)) {
        preferences.add(each.get(1) - each.get(0));
      }
    }
    return new PatchedRow(
        layer, into, name, Estimate.of(preferences), Rate.of(preferences, p -> p > 0));
  }

  /// ln p of both readings, the harmless one first, as the prompt is.
  List<Double> unpatched() {
    return logProbabilities(1, _ -> HookPlan.none()).getFirst();
  }

  /// ln p of both readings, the harmless one first, with each stream.
  ///
  /// @param streams `[stream, d_model]`
  List<List<Double>> logProbabilities(Tensor streams, int into) {
    var at = new HookPoint(into, Site.RESID_PRE);
    return logProbabilities(
        Math.toIntExact(streams.dim(0)),
        step -> {
          int position = place(other).from() - step.tokens();
          var place = new Positions(position, position);
          return HookPlan.none()
              .editAt(at, place, (_, rows) -> streams.rows(step.streams(rows.sequences())));
        });
  }

  /// The sequences of one pass: every stream with each of some beginnings of readings, of one
  /// length, behind the other prompt.
  private record Step(int tokens, List<TokenIds> beginnings) {

    int sequence(int stream, TokenIds beginning) {
      return stream * beginnings.size() + beginnings.indexOf(beginning);
    }

    Tensor streams(List<Integer> sequences) {
      return Tensor.ofIndices(sequences.stream().mapToInt(i -> i / beginnings.size()));
    }
  }

  private List<List<Double>> logProbabilities(int streams, Function<Step, HookPlan> plan) {
    double[][] sums = new double[streams][readings.size()];
    int longest = readings.stream().mapToInt(TokenIds::size).max().orElseThrow();
    for (int tokens = 0; tokens < longest; tokens++) {
      int before = tokens;
      var open = readings.stream().filter(reading -> reading.size() > before).toList();
      var step = new Step(before, open.stream().map(r -> r.slice(0, before)).distinct().toList());
      try (var _ = Scope.open()) {
        var prompts =
            IntStream.range(0, streams)
                .boxed()
                .flatMap(_ -> step.beginnings().stream().map(other.tokens()::plus))
                .toList();
        var logits = model.forward().lastLogits(prompts, plan.apply(step));
        for (var reading : open) {
          var rows =
              IntStream.range(0, streams).map(i -> step.sequence(i, reading.slice(0, before)));
          var likelihoods =
              LogLikelihood.of(
                  logits.rows(Tensor.ofIndices(rows)),
                  Collections.nCopies(streams, reading.get(before)));
          for (int i = 0; i < streams; i++) {
            sums[i][readings.indexOf(reading)] += likelihoods.get(i);
          }
        }
      }
    }
    return Arrays.stream(sums).map(row -> List.of(row[0], row[1])).toList();
  }
}
