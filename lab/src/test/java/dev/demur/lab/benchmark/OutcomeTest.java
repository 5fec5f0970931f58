package dev.demur.lab.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.demur.lab.Seeds;
import dev.demur.lab.stats.Bootstrap;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Variant;
import java.util.List;
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
