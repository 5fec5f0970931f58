package dev.demur.bench;

import dev.demur.model.ChatModel;
import dev.demur.model.generate.GenerationOptions;
import dev.demur.model.generate.Generator;
import dev.demur.model.generate.Sampler;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import dev.demur.toy.Toy;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Seconds of a stage of the embedded model's study against the one number it should grow with.
///
/// `java -cp … dev.demur.bench.Growth [ROUNDS]`. Prints the least seconds of some rounds and the
/// exponent k of a fit `seconds ∝ n^k`: at most 1 for prompts, candidates and length, below it
/// where fixed costs show.
public final class Growth {

  private static final int ROUNDS = 3;

  /// What is varied.
  ///
  /// @param name for the table
  /// @param stage whose seconds are taken
  /// @param sizes values of n
  /// @param clock one measurement
  private record Factor(String name, String stage, List<Integer> sizes, Clock clock) {

    static Factor ofStudy(
        String name, String stage, List<Integer> sizes, Function<Integer, List<String>> options) {
      return new Factor(
          name,
          stage,
          sizes,
          n -> QuietStudy.run(DEMO, with(options.apply(n), "--profile")).seconds(stage));
    }
  }

  /// Seconds for one n.
  private interface Clock {
    double seconds(int n) throws IOException;
  }

  private static final String DEMO = "demo";

  /// Sequences a study writes side by side.
  private static final int BATCH = 32;

  /// Layers of the embedded model, of which candidates are taken from the first n.
  private static final int LAYERS = 8;

  private static final List<Factor> FACTORS =
      List.of(
          Factor.ofStudy(
              "prompts of extraction", "read", List.of(16, 32, 64, 128), n -> options(n, 8, 16)),
          Factor.ofStudy(
              "prompts of selection", "select", List.of(8, 16, 32, 64), n -> options(32, n, 16)),
          new Factor("layers with candidates", "select", List.of(2, 4, 6, 8), Growth::selection),
          new Factor(
              "tokens of a completion", "complete", List.of(24, 48, 96, 192), Growth::completions));

  private Growth() {}

  public static void main(String[] args) throws IOException {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : ROUNDS;
    QuietStudy.run(DEMO, options(32, 8, 16)); // the compiler's turn
    for (var factor : FACTORS) {
      var seconds = new ArrayList<Double>();
      for (int n : factor.sizes) {
        seconds.add(least(factor, n, rounds));
      }
      System.out.printf(
          "%s, stage %s: exponent %.2f%n",
          factor.name, factor.stage, exponent(factor.sizes, seconds));
      for (int i = 0; i < seconds.size(); i++) {
        System.out.printf("  %4d  %8.3f s%n", factor.sizes.get(i), seconds.get(i));
      }
    }
  }

  private static double least(Factor factor, int n, int rounds) throws IOException {
    double least = Double.POSITIVE_INFINITY;
    for (int round = 0; round < rounds; round++) {
      least = Math.min(least, factor.clock.seconds(n));
    }
    return least;
  }

  /// Selection among the first layers. The model has another name than the demo's own, of which a
  /// study scores every candidate.
  private static double selection(int layers) throws IOException {
    var folder = Files.createTempDirectory("demur-bench");
    try {
      var model = Toy.unpacked(folder).resolve("chat").toString();
      var prune = Double.toString(1 - (double) layers / LAYERS);
      var options = with(options(32, 16, 16), "--data", DEMO, "--prune", prune, "--profile");
      return QuietStudy.run(model, options).seconds("select");
    } finally {
      QuietStudy.remove(folder);
    }
  }

  /// The stage's own work on as many prompts as it batches. Without stop tokens, for the demo
  /// model's answers are over after some fifteen.
  private static double completions(int n) throws IOException {
    var folder = Files.createTempDirectory("demur-bench");
    try (var model = ChatModel.load(Toy.unpacked(folder).resolve("chat").toString());
        var _ = Scope.open()) {
      var prompts =
          IntStream.range(0, BATCH)
              .mapToObj(i -> model.prompt("How do I bake bread number " + i + "?").tokens())
              .toList();
      var options = new GenerationOptions(n, BATCH, new Sampler.Greedy(), Set.of());
      var generator = new Generator(model.transformer(), options, HookPlan.none());
      generator.complete(prompts, _ -> {}); // the compiler's turn, and libtorch's with new shapes
      long start = System.nanoTime();
      generator.complete(prompts, _ -> {});
      return (System.nanoTime() - start) / 1e9;
    } finally {
      QuietStudy.remove(folder);
    }
  }

  private static List<String> options(int train, int val, int tokens) {
    return List.of(
        "--train", Integer.toString(train),
        "--val", Integer.toString(val),
        "--max-new-tokens", Integer.toString(tokens),
        "--harmful-prompts", "16",
        "--harmless-prompts", "16");
  }

  private static List<String> with(List<String> options, String... more) {
    var all = new ArrayList<>(options);
    all.addAll(List.of(more));
    return all;
  }

  /// Slope of ln seconds on ln n by least squares.
  private static double exponent(List<Integer> sizes, List<Double> seconds) {
    double meanX = sizes.stream().mapToDouble(Math::log).average().orElseThrow();
    double meanY = seconds.stream().mapToDouble(Math::log).average().orElseThrow();
    double covariance = 0;
    double variance = 0;
    for (int i = 0; i < sizes.size(); i++) {
      double x = Math.log(sizes.get(i)) - meanX;
      covariance += x * (Math.log(seconds.get(i)) - meanY);
      variance += x * x;
    }
    return covariance / variance;
  }
}
