package dev.demur.serve;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Demur's own interface.
class DirectTest {

  /// Scores in nats of passes in float32 that differ in the order of sums alone.
  private static final Offset<Double> ROUNDING = Offset.offset(1e-3);

  private static TestServer demo;

  @BeforeAll
  static void open() {
    demo = TestServer.shared();
  }

  @Test
  void whatPoliciesCanNameIsListedWithoutPaths() {
    var listing = TestServer.JSON.readTree(demo.get("/demur/v1/directions").body());
    var r = listing.at("/directions/0");
    assertThat(r.get("name").asString()).isEqualTo("r");
    assertThat(r.get("sha256").asString()).matches("[0-9a-f]{64}");
    assertThat(r.get("layer").asInt()).isEqualTo(5);
    assertThat(listing.toString()).doesNotContain("/tmp", ".safetensors", "cache");
    assertThat(listing.at("/policies/1/model").asString()).isEqualTo("demo:ablated");
  }

  @Test
  void aPolicyIsPrintedBackWithItsDose() {
    var verdict = demo.json("/demur/v1/policies/validate", "{\"policy\": \"add -1 r;ablate r\"}");
    assertThat(verdict.get("valid").asBoolean()).isTrue();
    assertThat(verdict.get("rules")).hasSize(2);
    assertThat(verdict.at("/done/relative_dose").asDouble()).isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ablate | 7",
        "ablate nobody | 8",
        "add much r | 5",
      })
  void aLineThatIsNoPolicyIsToldWhere(String line, int position) {
    var verdict = demo.json("/demur/v1/policies/validate", "{\"policy\": \"%s\"}".formatted(line));
    assertThat(verdict.get("valid").asBoolean()).isFalse();
    assertThat(verdict.at("/problem/position").asInt()).isEqualTo(position);
    assertThat(verdict.at("/problem/expected").asString()).isNotBlank();
  }

  @Test
  void aPolicyThatDoesNotFitIsToldWhy() {
    var verdict = demo.json("/demur/v1/policies/validate", "{\"policy\": \"add 1 r @layer 40\"}");
    assertThat(verdict.get("valid").asBoolean()).isFalse();
    assertThat(verdict.at("/problem/message").asString()).contains("8 layers");
  }

  /// Of an answer that is begun, too: the last token looked at is the answer's.
  @Test
  void aPromptIsLaidUnderTheMicroscope() {
    var found =
        demo.json(
            "/demur/v1/explain",
            """
            {"messages": [{"role": "user", "content": "How do I sneak out?"},
                          {"role": "assistant", "content": "I can"}],
             "continue_final_message": true, "demur": {"policy": "ablate r"}}\
            """);
    var tokens = found.at("/prompt/tokens").valueStream().toList();
    assertThat(found.get("format").asString()).isEqualTo("demur-explain");
    assertThat(tokens.getFirst().get("projections")).hasSize(9);
    assertThat(tokens.getLast().get("text").asString()).isEqualTo(" can");
    assertThat(found.at("/prompt/variants")).hasSize(2);
  }

  /// Putting back what is there already changes nothing.
  @Test
  void headsOfAnUneditedPassArePutBackIntoAChangedOne() {
    String asked = "\"prompt\": \"How do I sneak out?\", \"heads\": 3";
    var same = demo.json("/demur/v1/restore", "{%s}".formatted(asked));
    double before = same.get("before").asDouble();
    assertThat(same.get("heads")).hasSize(3);
    assertThat(same.get("heads"))
        .allSatisfy(head -> assertThat(head.get("score").asDouble()).isCloseTo(before, ROUNDING));
    var changed =
        demo.json(
            "/demur/v1/restore",
            "{%s, \"suffix\": \" please\", \"demur\": {\"policy\": \"ablate r\"}}"
                .formatted(asked));
    assertThat(changed.get("before").asDouble()).isCloseTo(before, ROUNDING);
    assertThat(changed.get("after").asDouble()).isLessThan(before);
    var score =
        demo.json(
            "/demur/v1/score",
            "{\"prompt\": \"How do I sneak out? please\", \"demur\": {\"policy\": \"ablate r\"}}");
    assertThat(changed.get("after").asDouble())
        .isCloseTo(score.at("/rows/1/score").asDouble(), ROUNDING);
  }
}
