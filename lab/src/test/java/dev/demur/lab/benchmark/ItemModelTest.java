package dev.demur.lab.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.steer.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Estimates of a whole benchmark against tinyBenchmarks' own (tools/golden/item_model.py).
class ItemModelTest {

  /// The original ends where the slope is below 1e-5, with slopes by differences; so θ is known to
  /// about 1e-5.
  private static final double SHARE = 1e-5;

  private static final Path FILES = Path.of("src/test/resources/golden/benchmark");

  @TempDir private Path folder;

  @Test
  void theEstimatesAreTheOriginals() throws IOException {
    var items = ItemModel.read(FILES.resolve("items.json"));
    var rows = JsonMapper.shared().readTree(FILES.resolve("items_estimates.json").toFile());
    assertThat(rows.size()).isEqualTo(5);
    for (var row : rows) {
      var estimate = items.estimate(answers(row));
      assertThat(estimate.weighted()).isCloseTo(row.path("irt").doubleValue(), within(1e-12));
      assertThat(estimate.predicted()).isCloseTo(row.path("pirt").doubleValue(), within(SHARE));
      assertThat(estimate.mixed()).isCloseTo(row.path("gpirt").doubleValue(), within(SHARE));
    }
  }

  /// The likeliest ability is at infinity then.
  @Test
  void everyAnswerMayBeRight() throws IOException {
    var items = ItemModel.read(FILES.resolve("items.json"));
    var estimate = items.estimate(Collections.nCopies(100, 1.0));
    assertThat(estimate.predicted()).isBetween(0.8, 1.2);
  }

  @Test
  void aVariantIsSetBesideTheUneditedModel() throws IOException {
    var items = ItemModel.read(FILES.resolve("items.json"));
    var rows = JsonMapper.shared().readTree(FILES.resolve("items_estimates.json").toFile());
    var outcomes =
        List.of(
            outcome(Variant.UNEDITED, answers(rows.get(2))),
            outcome(Variant.ABLATION, answers(rows.get(1))));
    var whole = WholeEstimate.of(outcomes, Map.of(Task.HELLASWAG, items));
    assertThat(whole).hasSize(2);
    assertThat(whole.getFirst().change()).isEmpty();
    double change =
        rows.get(1).path("gpirt").doubleValue() - rows.get(2).path("gpirt").doubleValue();
    assertThat(whole.getLast().change().orElseThrow()).isCloseTo(change, within(2 * SHARE));
  }

  @Test
  void aPartOfTheQuestionsIsRefused() throws IOException {
    var items = ItemModel.read(FILES.resolve("items.json"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> items.estimate(List.of(1.0, 0.0)))
        .withMessageContaining("100 chosen questions, and 2 are asked");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[",
        "{\"chosen\":[0],\"weights\":[1],\"lambda\":2,\"balance\":[1],"
            + "\"discrimination\":[[1]],\"difficulty\":[[1]]}",
        "{\"chosen\":[7],\"weights\":[1],\"lambda\":1,\"balance\":[1],"
            + "\"discrimination\":[[1]],\"difficulty\":[[1]]}",
        "{\"chosen\":[0],\"weights\":[\"x\"],\"lambda\":1,\"balance\":[1],"
            + "\"discrimination\":[[1]],\"difficulty\":[[1]]}"
      })
  void whatIsNoItemModelIsRefusedInOneLine(String json) throws IOException {
    Path file = Files.writeString(folder.resolve("items.json"), json);
    assertThatThrownBy(() -> ItemModel.read(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("holds no items of a benchmark")
        .hasMessageNotContaining("\n");
  }

  private static Outcome outcome(Variant variant, List<Double> answers) {
    return new Outcome("hellaswag", Metric.ACC_NORM, variant, answers);
  }

  private static List<Double> answers(JsonNode row) {
    return row.path("answers").values().stream().map(JsonNode::doubleValue).toList();
  }
}
