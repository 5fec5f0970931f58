package dev.demur.serve;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Demur's own interface.
class DirectTest {

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
}
