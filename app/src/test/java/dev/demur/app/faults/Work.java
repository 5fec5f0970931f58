package dev.demur.app.faults;

import dev.demur.app.Cli;
import dev.demur.app.cli.Failure;
import dev.demur.toy.grammar.ExampleKind;
import dev.demur.toy.grammar.Mix;
import dev.demur.toy.train.Phase;
import dev.demur.toy.train.Progress;
import dev.demur.toy.train.Recipe;
import dev.demur.toy.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A command that writes, small: its inputs lie in the folder `in`, all it writes goes to `out`.
///
/// @param name for people and for the choice of one
/// @param again what it does where it has been done before
/// @param command does it
record Work(String name, Again again, Command command) {

  /// Rows of the tiny model's embedding.
  private static final int TOKENS = 323;

  /// So that a random model refuses some prompts and answers others.
  private static final String HALF_THE_TOKENS = tokens(2);

  /// So that a random model refuses all prompts.
  private static final String MOST_TOKENS = tokens(1);

  private static String tokens(int step) {
    return IntStream.range(2, TOKENS)
        .filter(id -> id % step == 0)
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(","));
  }

  /// What a command does where its output is there.
  enum Again {
    DOES_IT_ANEW,
    REFUSES
  }

  /// Runs in this process.
  @FunctionalInterface
  interface Command {
    Cli.Outcome run();
  }

  Cli.Outcome run() {
    return command.run();
  }

  /// All of them.
  ///
  /// @param folder holds `in`, made by [Inputs], and `out`, which is there and empty
  static List<Work> in(Path folder) {
    Path in = folder.resolve("in");
    Path out = folder.resolve("out");
    Path model = in.resolve("model");
    Path direction = in.resolve("direction.safetensors");
    return List.of(
        of(
            "study",
            study(model, out.resolve("run"), "--data", in.resolve("data"), "--max-new-tokens", 4)),
        of("study-demo", study("demo", out.resolve("run"), "--max-new-tokens", 12)),
        refusing("edit", "edit", model, "--direction", direction, "-o", out.resolve("edited")),
        refusing(
            "edit-gguf",
            "edit",
            in.resolve("gguf/model.gguf"),
            "--direction",
            in.resolve("gguf-direction.safetensors"),
            "-o",
            out.resolve("edited.gguf"),
            "--no-verify"),
        of("judge", "judge", in.resolve("said.csv"), "--out", out.resolve("labels.jsonl")),
        of(
            "judge endpoint",
            "judge",
            in.resolve("said.csv"),
            "--judge",
            "refusal-prompt=" + System.getenv().getOrDefault(Peers.ENDPOINT, "none"),
            "--endpoint-model",
            "small",
            "--endpoint-rate",
            6000,
            "--endpoint-cache",
            out.resolve("answers"),
            "--out",
            out.resolve("labels.jsonl")),
        of(
            "benchmark",
            "benchmark",
            model,
            "--tasks",
            "arc_easy=" + in.resolve("arc_test.jsonl"),
            "--ablate",
            direction,
            "--out",
            out.resolve("run")),
        of(
            "coherence",
            "coherence",
            model,
            "--text",
            in.resolve("pile.jsonl"),
            "--on-distribution",
            in.resolve("ask.txt"),
            "--max-new-tokens",
            4,
            "--ablate",
            direction,
            "--out",
            out.resolve("run")),
        of(
            "monitor train",
            "monitor",
            "train",
            model,
            "--direction",
            direction,
            "--refusal-tokens",
            HALF_THE_TOKENS,
            "--harmful",
            in.resolve("harmful.txt"),
            "--benign",
            in.resolve("benign.txt"),
            "--rate",
            0.5,
            "--out",
            out.resolve("monitor.json")),
        of(
            "activations",
            "activations",
            model,
            "--prompts",
            in.resolve("ask.txt"),
            "--out",
            out.resolve("activations.safetensors")),
        of(
            "explain",
            "explain",
            model,
            "--direction",
            direction,
            "--prompts",
            in.resolve("harmful.txt"),
            "--harmless",
            in.resolve("benign.txt"),
            "--suffix",
            in.resolve("suffix.txt"),
            "--refusal-tokens",
            MOST_TOKENS,
            "--limit",
            2,
            "--random",
            0,
            "--heads",
            1,
            "--out",
            out.resolve("explained")),
        of(
            "audit",
            "audit",
            in.resolve("audited"),
            "--json",
            "--direction-out",
            out.resolve("recovered.safetensors")),
        of(
            "report",
            "report",
            in.resolve("run"),
            in.resolve("run-2"),
            "--out",
            out.resolve("both")),
        of(
            "direction import",
            "direction",
            "import",
            in.resolve("vector.safetensors"),
            "--layer",
            1,
            "--operation",
            "ablation",
            "--site",
            "resid_pre",
            "--model",
            model,
            "--out",
            out.resolve("imported.safetensors")),
        of("data pull", "data", "pull", "malicious-instruct", "--from", in.resolve("usb")),
        of("models pull", "models", "pull", "org/name"),
        of("toy export", "toy", "export", out.resolve("toy")),
        new Work("toy train", Again.DOES_IT_ANEW, () -> train(out.resolve("trained"))));
  }

  /// The one of that name.
  static Work named(String name, Path folder) {
    return in(folder).stream().filter(work -> work.name().equals(name)).findFirst().orElseThrow();
  }

  private static Work of(String name, Object... words) {
    return new Work(name, Again.DOES_IT_ANEW, () -> Cli.run(words));
  }

  private static Work refusing(String name, Object... words) {
    return new Work(name, Again.REFUSES, () -> Cli.run(words));
  }

  static Object[] study(Object model, Path run, Object... more) {
    var words = new ArrayList<Object>(List.of("study", model, "--out", run, "--train", 6));
    words.addAll(List.of("--val", 4, "--harmful-prompts", 4, "--harmless-prompts", 4));
    words.addAll(List.of("--judge", "substring-normalised,lexicon,first-token"));
    words.add("--keep-completions");
    words.addAll(List.of(more));
    return words.toArray();
  }

  private static Cli.Outcome train(Path out) {
    var mix = new Mix(Map.of(ExampleKind.HARMLESS, 1.0, ExampleKind.FACT, 1.0), 0.2);
    var recipe =
        new Recipe(
            7,
            new Phase("base", 2, 2, 3e-3, 1, 0.1, 0.03, new Phase.Trained.Everything(), mix),
            new Phase("chat", 2, 2, 3e-3, 1, 0, 0, new Phase.Trained.FirstLayers(2), mix));
    try {
      new Trainer(recipe, out).run(Progress.silent());
      return new Cli.Outcome(0, "", "");
    } catch (IOException | RuntimeException | Error e) {
      var failure = Failure.of(e);
      return new Cli.Outcome(failure.exitCode(), "", "demur: " + failure.message() + "\n");
    }
  }
}
