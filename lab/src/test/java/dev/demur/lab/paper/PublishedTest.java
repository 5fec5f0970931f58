package dev.demur.lab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.demur.lab.paper.Published.Model;
import dev.demur.lab.paper.Published.Value;
import java.util.HashSet;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishedTest {

  /// Differences of decimal fractions.
  private static final Offset<Double> ROUNDING = within(1e-9);

  private static final Published PAPER = Published.named("arditi2024");

  private static double value(String model, String quantity) {
    return PAPER.values().stream()
        .filter(v -> v.model().equals(model) && v.quantity().equals(Quantity.of(quantity)))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  void holdsWhatTheTablesPrint() {
    assertThat(PAPER.models()).hasSize(13);
    assertThat(value("Yi 34B", "bypass harmful_val ablation")).isEqualTo(-11.14);
    assertThat(value("Llama-3 70B", "layer direction selected")).isEqualTo(25);
    assertThat(value("Llama-2 7B", "attack_success harmbench_test ablation-default-system"))
        .isEqualTo(.226);
    assertThat(value("Llama-2 7B", "attack_success harmbench_test ablation")).isEqualTo(.799);
    assertThat(value("Qwen 7B", "accuracy gsm8k ablation")).isEqualTo(.418);
    assertThat(value("Gemma 2B", "cross_entropy own-completions actadd-minus")).isEqualTo(.853);
    assertThat(value("Llama-3 8B", "safe jailbreakbench adapter")).isEqualTo(.08);
  }

  @Test
  void everyValueHasAModelAndASourceAndNoneStandsTwice() {
    var names = PAPER.models().stream().map(Model::name).toList();
    assertThat(PAPER.values())
        .allSatisfy(value -> assertThat(value.source()).isNotBlank())
        .allSatisfy(value -> assertThat(names).contains(value.model()));
    var places = PAPER.values().stream().map(v -> List.of(v.model(), v.quantity())).toList();
    assertThat(new HashSet<>(places)).hasSameSizeAs(places);
    assertThat(PAPER.missing()).isNotEmpty();
    assertThat(PAPER.checked()).anyMatch(line -> line.contains("no second source"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"joad2026", "hong2025", "wang2025", "ghandeharioun2024"})
  void worksOfMapsHaveSourcesAndSayWhatIsMissing(String name) {
    assertThat(Published.OF_MAPS).contains(name);
    var work = Published.named(name);
    var names = work.models().stream().map(Model::name).toList();
    assertThat(work.values())
        .allSatisfy(value -> assertThat(value.source()).isNotBlank())
        .allSatisfy(value -> assertThat(names).contains(value.model()));
    assertThat(work.missing()).isNotEmpty();
  }

  @Test
  void lossesAndAccuraciesAlsoStandAsDifferences() {
    assertThat(value("Gemma 2B", "cross_entropy_change text actadd-minus"))
        .isEqualTo(3.739 - 3.506, ROUNDING);
    assertThat(value("Qwen 7B", "accuracy_change gsm8k ablation")).isEqualTo(-.063, ROUNDING);
  }

  @Test
  void everyModelHasItsPlaceAndItsBenchmarks() {
    for (var model : PAPER.models()) {
      assertThat(PAPER.of(model).stream().map(Value::quantity))
          .contains(
              Quantity.of("position direction selected"), Quantity.of("accuracy mmlu ablation"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gemma-2b-it, Gemma 2B",
    "google/gemma-2b-it, Gemma 2B",
    "Meta-Llama-3-8B-Instruct-Q4_K_M.gguf, Llama-3 8B",
    "Llama-2-7b-chat-hf, Llama-2 7B",
    "Qwen-1_8B-Chat, Qwen 1.8B"
  })
  void aCheckpointIsKnownByItsName(String name, String model) {
    assertThat(PAPER.modelOf(name)).map(Model::name).contains(model);
  }

  @ParameterizedTest
  @CsvSource({
    "Llama-3.1-8B-Instruct",
    "gemma-2-2b-it",
    "gemma-1.1-2b-it",
    "Qwen2.5-7B-Instruct",
    "Qwen1.5-7B-Chat",
    "demo"
  })
  void laterModelsAreOthers(String name) {
    assertThat(PAPER.modelOf(name)).isEmpty();
  }

  @Test
  void anUnknownWorkIsNamed() {
    assertThatThrownBy(() -> Published.named("../arditi2024"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there are arditi2024");
  }
}
