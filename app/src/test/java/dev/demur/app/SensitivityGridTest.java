package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.report.format.JsonReport;
import dev.demur.lab.study.GridCell;
import dev.demur.lab.study.Prompting.Thinking;
import dev.demur.lab.study.SensitivityGrid.Setting;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Order(1) // the slowest begin first
class SensitivityGridTest {

  /// One run folder for all: a study with another grid goes on with what is there.
  @TempDir private static Path folder;

  /// The embedded model by its folder, whose study does not end with an explanation.
  private static Cli.Outcome study(Object... grid) throws IOException {
    Object[] words = {
      "study",
      DemoModel.prompts().resolveSibling("chat"),
      "--data",
      DemoModel.prompts(),
      "--dtype",
      "f32",
      "--train",
      16,
      "--val",
      8,
      "--harmful-prompts",
      4,
      "--harmless-prompts",
      4,
      "--max-new-tokens",
      8,
      "--judge",
      "lexicon",
      "--out",
      folder.resolve("run")
    };
    var all = new ArrayList<>(List.of(words));
    all.addAll(List.of(grid));
    return Cli.run(all.toArray());
  }

  @Test
  void everyCombinationIsRunAndTheStudysOwnComesFirst() throws IOException {
    Path brief = Files.writeString(folder.resolve("brief.txt"), "You are brief.");
    var outcome = study("--grid", "tokens=4", "--grid", "dtype=bf16", "--grid", "system=" + brief);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    var result = JsonReport.read(folder.resolve("run/report.json"));
    var cells = result.sensitivity();
    assertThat(cells.stream().map(GridCell::setting).distinct()).hasSize(2 * 2 * 2);
    assertThat(cells).hasSize(8 * 4);
    assertThat(cells.getFirst().setting())
        .isEqualTo(new Setting("chat", "none", Thinking.TEMPLATE, 8));
    for (var cell : cells.subList(0, 4)) {
      assertThat(result.evaluation().rates())
          .as("the study's own setting gives the study's own rates")
          .anyMatch(
              row ->
                  row.set().equals(cell.set())
                      && row.variant().equals(cell.variant())
                      && row.refused().equals(cell.refused()));
    }
    assertThat(folder.resolve("run/tables/sensitivity.csv")).isNotEmptyFile();
  }

  @Test
  void aModelOfAnotherShapeIsRefused() throws IOException {
    assertThat(study("--grid", "model=" + Cli.checkpoint("llama-gqa-tied")).messages())
        .singleElement()
        .asString()
        .contains("of the grid has", "(--grid model=MODEL)", "name versions of one model");
  }

  @Test
  void anUnknownAxisIsNamed() throws IOException {
    assertThat(study("--grid", "mood=good").messages())
        .singleElement()
        .asString()
        .contains("the axis must be system, tokens, thinking, dtype or model, was mood");
  }
}
