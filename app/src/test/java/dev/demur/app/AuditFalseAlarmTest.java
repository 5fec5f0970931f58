package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.WriterEdits;
import dev.demur.lab.audit.AuditResult;
import dev.demur.lab.audit.CheckpointAudit;
import dev.demur.lab.audit.Verdict;
import dev.demur.lab.run.Progress;
import dev.demur.lab.stats.Rate;
import dev.demur.model.ModelLocator;
import dev.demur.model.arch.family.Writers;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Counts what the audit says of checkpoints from which nothing was removed, and writes it to
/// `harmful/audit-clean-KIND.md`; docs/results/audit.md has the counts. Nothing here was looked at
/// when the limits were set.
@Tag("real")
class AuditFalseAlarmTest {

  private static final int DRAWS = 100;

  @TempDir Path folder;

  /// Demo-shaped models whose writers are random numbers: what training starts from.
  @Test
  void randomModels() throws IOException {
    try (var files = ModelLocator.ofEnvironment().open("demo")) {
      var count = new Count("random");
      for (int seed = 0; seed < 3 * DRAWS; seed++) {
        long drawn = seed;
        count.add(
            "seed " + seed,
            WriterEdits.edited(
                files,
                _ -> true,
                w -> x -> Tensor.gaussian(random(drawn, w.tensor()), x.dim(0), x.dim(1)),
                "BF16"));
      }
      count.write();
    }
  }

  /// Trained models whose writers are turned, each by itself: nothing is left that they share.
  @Test
  void modelsTurnedWriterByWriter() throws IOException {
    var count = new Count("turned-apart");
    for (Path model : toys()) {
      try (var files = RealFolders.open(model)) {
        int width = width(files);
        for (int draw = 0; draw < DRAWS; draw++) {
          long seed = draw;
          count.add(
              name(model) + " " + draw,
              WriterEdits.edited(
                  files,
                  WriterEdits::inBlocks,
                  w -> WriterEdits.rotating(random(seed, w.tensor()).nextLong(), width),
                  "BF16"));
        }
      }
    }
    count.write();
  }

  /// Trained models turned as a whole, as some quantisers do: the same model in other coordinates.
  @Test
  void modelsTurnedAsAWhole() throws IOException {
    var count = new Count("turned");
    var models = new ArrayList<>(toys());
    models.add(RealFolders.models().resolve("SmolLM2-135M-Instruct.Q4_1.gguf"));
    for (Path model : models) {
      try (var files = RealFolders.open(model)) {
        for (int draw = 0; draw < (width(files) > 256 ? 2 : DRAWS / 10); draw++) {
          var turning = WriterEdits.rotating(draw, width(files));
          count.add(
              name(model) + " " + draw,
              WriterEdits.edited(files, WriterEdits::inBlocks, _ -> turning, "BF16"));
        }
      }
    }
    count.write();
  }

  /// Demo models trained from other seeds with the whole recipe.
  @Test
  void trainedModels() throws IOException {
    var count = new Count("trained");
    for (Path model : toys()) {
      try (var files = RealFolders.open(model)) {
        count.add(name(model), files);
      }
    }
    count.write();
  }

  /// Demo models trained for a few steps: each seed draws its own weights and examples.
  @Test
  void modelsTrainedAShortWhile() throws IOException {
    var count = new Count("short");
    int seeds = Integer.getInteger("audit.trainings", DRAWS / 5);
    for (int seed = 1000; seed < 1000 + seeds; seed++) {
      int steps = 20 + 20 * (seed % 4);
      Path chat = Tuning.shortened(seed, steps, folder.resolve(Integer.toString(seed)));
      for (Path model : List.of(chat.resolveSibling("base"), chat)) {
        try (var files = RealFolders.open(model)) {
          count.add(seed + " " + name(model) + " " + steps, files);
        }
      }
      count.write();
    }
  }

  private static List<Path> toys() throws IOException {
    try (var seeds = Files.list(RealFolders.toys())) {
      return seeds
          .sorted()
          .flatMap(seed -> List.of(seed.resolve("base"), seed.resolve("chat")).stream())
          .filter(Files::isDirectory)
          .toList();
    }
  }

  private static String name(Path model) {
    return model.getName(model.getNameCount() - 2) + "/" + model.getFileName();
  }

  private static int width(ModelFiles files) throws IOException {
    return Writers.of(files).config().dModel();
  }

  private static Random random(long seed, String name) {
    return new Random(seed * 1_000_003 + name.hashCode());
  }

  /// Verdicts of one kind of checkpoint.
  private static final class Count {
    private final String kind;
    private final List<AuditResult> results = new ArrayList<>();
    private final List<String> alarms = new ArrayList<>();

    Count(String kind) {
      this.kind = kind;
    }

    void add(String name, ModelFiles files) throws IOException {
      try (var _ = Scope.open()) {
        var result = CheckpointAudit.of(files, Progress.silent()).result();
        results.add(result);
        if (result.verdict() != Verdict.CLEAN) {
          alarms.add(name + " " + result.verdict() + " " + String.join(" ", result.sentences()));
        }
      }
    }

    void write() throws IOException {
      assertThat(results).isNotEmpty();
      var edited = rate(result -> result.verdict() == Verdict.EDITED);
      var any = rate(result -> result.verdict() != Verdict.CLEAN);
      double least =
          results.stream()
              .mapToDouble(r -> r.candidate().orElseThrow().gap().ratio())
              .min()
              .orElseThrow();
      double unlikely =
          results.stream().mapToDouble(AuditResult::falseAlarmProbability).min().orElseThrow();
      Files.writeString(
          Path.of("target", "audit-clean-" + kind + ".md"),
          String.format(
              Locale.ROOT,
              "| %s | %d | %d | %d | %.3g %% | %.2f | %.1e |%n%s%n",
              kind,
              results.size(),
              edited.successes(),
              any.successes(),
              // The upper end of a two-sided 90 % interval is a one-sided bound of 95 %.
              100 * any.clopperPearson(0.9).high(),
              least,
              unlikely,
              String.join("\n", alarms)));
    }

    private Rate rate(Predicate<AuditResult> property) {
      return Rate.of(results, property);
    }
  }
}
