package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.map.pairs.Pair;
import dev.demur.lab.map.pairs.PairsFile;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class DemoPairsTest {

  @Test
  void theThinkingModelsPairsAreReadAsAMapReadsThem() throws IOException {
    var data = new PairsFile(DemoModel.prompts("kinds/pairs")).read();
    assertThat(data.pairs())
        .extracting(Pair::name)
        .contains("incomplete", "harmful-es", "mean-speaker", "counting");
  }
}
