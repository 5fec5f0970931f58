package dev.demur.app.command.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.lab.map.MapPreset;
import dev.demur.lab.map.pairs.Pair;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DemoPairsTest {

  @Test
  void theThinkingModelsPairsAreReadAsAMapReadsThem() throws IOException {
    assertThat(DemoPairs.of(DemoModel.THINK, Optional.empty()).pairs())
        .extracting(Pair::name)
        .contains("incomplete", "harmful-es", "mean-speaker", "counting");
  }

  @ParameterizedTest
  @EnumSource
  void somethingStandsInForEveryWorkOnTheThinkingModel(MapPreset work) throws IOException {
    assertThat(DemoPairs.of(DemoModel.THINK, Optional.of(work)).pairs()).isNotEmpty();
  }

  @Test
  void whatIsAskedOfReasoningHasAKey() throws IOException {
    var asked = DemoPairs.of(DemoModel.THINK, Optional.of(MapPreset.LIREFS)).given();
    assertThat(asked)
        .hasSize(2)
        .allSatisfy(set -> assertThat(set.prompts()).allMatch(p -> p.key().isPresent()));
  }

  @Test
  void theDemoSaysWhoHasThePromptsItLacks() {
    assertThatThrownBy(() -> DemoPairs.of(DemoModel.CHAT, Optional.of(MapPreset.PERSONAS)))
        .hasMessageContaining("demo has no prompts for this preset, demo-think has");
  }
}
