package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.WriterEdits;
import dev.demur.lab.audit.AuditRun;
import dev.demur.lab.audit.CheckpointAudit;
import dev.demur.lab.audit.Verdict;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.prompts.ReleasedLayout;
import dev.demur.lab.run.Progress;
import dev.demur.model.ChatModel;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Measures the tables of docs/results/audit.md and writes them to `harmful/audit-MODEL.md`.
///
/// The demo model and SmolLM2 are those the limits were set on. Held out are the demo model trained
/// from other seeds (`demur toy train --seed N --out DIR/N`, read from `-Ddemur.toys=DIR`) and
/// Qwen2.5-Coder.
@Tag("real")
class AuditTableTest {

  /// Where the demo model's study finds its direction.
  private static final int DEMO_LAYER = 5;

  /// What is measured on models that take a while.
  private static final List<String> MAIN =
      List.of(
          "clean, BF16",
          "clean, Q4_0",
          "λ = 1.0",
          "λ = 0.9",
          "λ = 0.7",
          "λ = 0.5",
          "λ = 0.3",
          "λ = 0.9, Q4_0",
          "embeddings untouched",
          "λ from 0.2 to 1 and back over the layers",
          "another (random) direction",
          "vector lengths kept",
          "a random direction per layer",
          "each layer's own difference of means",
          "LoRA of the edit, merged");

  /// What is measured on the largest.
  private static final List<String> FEW =
      List.of("clean, BF16", "λ = 1.0", "λ = 0.5", "each layer's own difference of means");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"demo", "1", "2"})
  void measuresDemoModels(String seed) throws IOException {
    measure(chat(seed), "demo-" + seed, DEMO_LAYER, _ -> true);
  }

  /// Training after the edit: minutes for each row.
  @ParameterizedTest
  @ValueSource(strings = {"demo", "1"})
  void measuresDemoModelsTrainedOn(String seed) throws IOException {
    var rows = new AuditRows("demo-" + seed + "-trained-on");
    for (var tuning : Tuning.AFTERWARDS) {
      try (var _ = Scope.open();
          var files = RealFolders.open(chat(seed))) {
        var direction = direction(directions(chat(seed)), DEMO_LAYER);
        var whole = WriterEdits.removing(direction, 1);
        var edited = WriterEdits.edited(files, _ -> true, _ -> whole, "F32");
        try (var tuned = tuning.of(edited, folder.resolve(tuning.name()))) {
          rows.add("edit, then " + tuning.name(), run(tuned), List.of(direction));
        }
      }
    }
  }

  private static Path chat(String seed) throws IOException {
    return seed.equals("demo")
        ? DemoModel.prompts().resolveSibling("chat")
        : RealFolders.toys().resolve(seed).resolve("chat");
  }

  @ParameterizedTest
  @CsvSource({"SmolLM2-135M-Instruct.Q4_1.gguf, 15", "Qwen2.5-Coder-1.5B-Instruct.gguf, 21"})
  void measuresRealModels(String name, int layer) throws IOException {
    var wanted = name.startsWith("Qwen") ? FEW : MAIN;
    measure(RealFolders.models().resolve(name), name, layer, wanted::contains);
  }

  private static void measure(Path model, String name, int layer, Predicate<String> wanted)
      throws IOException {
    var rows = new AuditRows(name);
    try (var _ = Scope.open();
        var files = RealFolders.open(model)) {
      var byLayer = directions(model);
      for (var kind : AuditedEdits.of(byLayer, layer)) {
        if (wanted.test(kind.name())) {
          try (var _ = Scope.open()) {
            var altered = WriterEdits.edited(files, kind.where(), kind.edit(), kind.type());
            rows.add(kind.name(), run(altered), kind.removed());
          }
        }
      }
    }
    assertThat(rows.file).isNotEmptyFile();
  }

  private static Map<Integer, Direction> directions(Path model) throws IOException {
    try (var chat = ChatModel.load(model.toString())) {
      return DemoDirection.byLayer(chat, ReleasedLayout.at(DemoModel.prompts()));
    }
  }

  private static Tensor direction(Map<Integer, Direction> byLayer, int layer) {
    return Optional.ofNullable(byLayer.get(layer)).orElseThrow().unit();
  }

  private static AuditRun run(ModelFiles files) throws IOException {
    return CheckpointAudit.of(files, Progress.silent());
  }

  /// A table that is written anew with every row, so that a run that is stopped leaves what it
  /// measured.
  private static final class AuditRows {
    private final List<String> rows = new ArrayList<>();
    private final Path file;

    AuditRows(String name) {
      file = Path.of("target", "audit-" + name + ".md");
      rows.add(
          "| edit | verdict | false-alarm p | ratio to next | rank | cos | λ found | matrices |"
              + " agree |");
      rows.add("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    }

    void add(String name, AuditRun run, List<Tensor> removed) throws IOException {
      var result = run.result();
      var candidate = result.candidate().orElseThrow();
      // The projection on all directions found, of the direction they show least of.
      var cosine =
          removed.stream()
              .mapToDouble(unit -> run.directions().orElseThrow().dotRows(unit).norm())
              .min();
      boolean found = result.verdict() != Verdict.CLEAN;
      rows.add(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %.2g | %d | %s | %s | %d of %d | %.2f |",
              name,
              result.verdict().name().toLowerCase(Locale.ROOT),
              probability(result.falseAlarmProbability()),
              candidate.gap().ratio(),
              candidate.gap().rank(),
              cosine.isPresent() ? String.format(Locale.ROOT, "%.3f", cosine.getAsDouble()) : "–",
              found ? String.format(Locale.ROOT, "%.2f", candidate.strength().estimate()) : "–",
              candidate.lacking(),
              candidate.blockMatrices(),
              result.agreement().meanCosine()));
      Files.writeString(file, String.join("\n", rows) + "\n");
    }

    private static String probability(double p) {
      return p < 1e-9 ? "< 1e-9" : String.format(Locale.ROOT, "%.1e", p);
    }
  }
}
