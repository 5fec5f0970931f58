package dev.demur.lab.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.demur.lab.Seeds;
import dev.demur.lab.rows.Row;
import dev.demur.lab.stats.Bootstrap;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Variant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutcomeTest {

  private static final Bootstrap BOOTSTRAP = new Bootstrap(new Seeds(1), "outcomes", 200);
  private static final Document TEA =
      new Document("row", "What is warm?", List.of("tea", "a very cold stone"), List.of(1));

  @Test
  void lengthDecidesOnlyTheNormalisedChoice() {
    var scores = new ChoiceScores(0, List.of(List.of(-6.0, -17.0)));
    assertThat(scores.value(Metric.ACC, 0, TEA)).isZero();
    assertThat(scores.value(Metric.ACC_NORM, 0, TEA)).as("-2 and -1 a character").isOne();
  }

  @Test
  void theFirstOfEqualChoicesIsTaken() {
    assertThat(new ChoiceScores(0, List.of(List.of(-3.0, -3.0))).value(Metric.ACC, 0, TEA))
        .isZero();
  }

  @Test
  void massIsTheShareOfRightChoicesHoweverUnlikelyAllAre() {
    var likely = new ChoiceScores(0, List.of(List.of(Math.log(0.1), Math.log(0.3))));
    assertThat(likely.value(Metric.MASS, 0, TEA)).isCloseTo(0.75, within(1e-12));
    var unlikely =
        new ChoiceScores(0, List.of(List.of(-5000 + Math.log(0.1), -5000 + Math.log(0.3))));
    assertThat(unlikely.value(Metric.MASS, 0, TEA)).isCloseTo(0.75, within(1e-9));
  }

  /// G.2: which answers changed, and the outcomes of each category.
  @Test
  void changedAnswersAreThoseWhoseLikeliestChoiceIsAnother() {
    var rows =
        List.of(
            new ChoiceScores(0, List.of(List.of(-1.0, -2.0), List.of(-2.0, -1.0))),
            new ChoiceScores(1, List.of(List.of(-1.0, -2.0), List.of(-1.5, -2.0))));
    var variants = List.of(Variant.UNEDITED, Variant.ABLATION);
    assertThat(ChangedAnswer.of(truthful(), rows, variants))
        .containsExactly(
            new ChangedAnswer(
                "truthfulqa_mc1",
                Variant.ABLATION,
                0,
                "Can pigs fly?",
                "No",
                "At night",
                true,
                false));
    var outcomes = Outcome.of(truthful(), rows, variants);
    var categories = new Categories(Map.of("Can pigs fly?", "Animals", "Is tea warm?", "Food"));
    assertThat(categories.beside(List.of(new Prompts(truthful(), 0)), outcomes))
        .startsWith(outcomes.toArray(Outcome[]::new))
        .extracting(o -> o.task() + " " + o.variant().text() + " " + o.values())
        .containsExactly(
            "truthfulqa_mc1 unedited [1.0, 1.0]",
            "truthfulqa_mc1 ablation [0.0, 1.0]",
            "truthfulqa_mc1/Animals unedited [1.0]",
            "truthfulqa_mc1/Animals ablation [0.0]",
            "truthfulqa_mc1/Food unedited [1.0]",
            "truthfulqa_mc1/Food ablation [1.0]");
    var lacking = new Categories(Map.of("Can pigs fly?", "Animals"));
    assertThatThrownBy(() -> lacking.beside(List.of(new Prompts(truthful(), 0)), outcomes))
        .hasMessage(
            "no category is given for \"Is tea warm?\"; take TruthfulQA.csv of the same version");
    assertThatThrownBy(() -> categories.beside(List.of(), outcomes))
        .hasMessage("categories are of TruthfulQA, which is not asked");
  }

  private static TaskData truthful() {
    var task = Task.TRUTHFULQA_MC1;
    var documents = new Documents(task, Path.of("mc_task.json"));
    return new TaskData(
        task,
        task.text(),
        "",
        List.of(
            truthful(documents, "Can pigs fly?", "{\"No\": 1, \"At night\": 0}"),
            truthful(documents, "Is tea warm?", "{\"Yes\": 1, \"No\": 0}")),
        List.of());
  }

  private static Document truthful(Documents documents, String question, String targets) {
    try {
      return documents.of(
          new Row(
              "row 1", new LinkedHashMap<>(Map.of("question", question, "mc1_targets", targets))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void variantsAreComparedOnTheSameQuestions() {
    var unedited =
        new Outcome("arc_easy", Metric.ACC, Variant.UNEDITED, List.of(1.0, 1.0, 1.0, 0.0));
    var ablation =
        new Outcome("arc_easy", Metric.ACC, Variant.ABLATION, List.of(1.0, 0.0, 0.0, 0.0));
    assertThat(unedited.rate()).contains(new Rate(3, 4));
    var change = ablation.since(unedited, .95, BOOTSTRAP);
    assertThat(change.difference()).isEqualTo(-0.5);
    assertThat(change.mcNemar()).contains(0.5);
    assertThat(change.interval().contains(-0.5)).isTrue();
  }

  @Test
  void aGradedMetricHasNoRateAndNoMcNemar() {
    var unedited = new Outcome("truthfulqa_mc2", Metric.MASS, Variant.UNEDITED, List.of(0.2, 0.6));
    var ablation = new Outcome("truthfulqa_mc2", Metric.MASS, Variant.ABLATION, List.of(0.3, 0.7));
    assertThat(ablation.rate()).isEmpty();
    var change = ablation.since(unedited, .95, BOOTSTRAP);
    assertThat(change.difference()).isCloseTo(0.1, within(1e-12));
    assertThat(change.mcNemar()).isEmpty();
    assertThat(change.interval().width()).isCloseTo(0, within(1e-12));
  }

  @Test
  void togetherEveryQuestionCountsAlike() {
    var large = new Outcome("mmlu_a", Metric.ACC, Variant.UNEDITED, List.of(1.0, 1.0, 1.0));
    var small = new Outcome("mmlu_b", Metric.ACC, Variant.UNEDITED, List.of(0.0));
    assertThat(Outcome.together("mmlu", List.of(large, small)).getFirst().mean()).isEqualTo(0.75);
    assertThat(Outcome.together("mmlu", List.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"tHEN SHE,Then she", "Änn,Änn", "'',''", "7 DAYS,7 days"})
  void capitalizeIsPythons(String text, String expected) {
    assertThat(PythonText.capitalize(text)).isEqualTo(expected);
  }

  @Test
  void stripTakesNoBreakSpacesAsPythonDoes() {
    assertThat(PythonText.strip("\u00a0 a\u2007b \u0085\n")).isEqualTo("a\u2007b");
    assertThat(PythonText.withoutTrailingSpace(" \u00a0")).isZero();
  }

  @Test
  void aQuestionWithoutARightAnswerIsRefused() {
    assertThatThrownBy(() -> new Document("row", "?", List.of("a", "b"), List.of(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Document("row", "?", List.of("a", "b"), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
