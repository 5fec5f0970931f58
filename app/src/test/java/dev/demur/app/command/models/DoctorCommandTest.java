package dev.demur.app.command.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.cli.ExitCode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DoctorCommandTest {

  @Test
  void saysWhatIsThere() {
    var outcome = Cli.run("doctor");
    assertThat(outcome.code()).as(outcome.out()).isZero();
    assertThat(outcome.out())
        .contains("Java", "machine", "libtorch", "cards", "products", "cache", "hub", "text")
        .doesNotContain("BROKEN");
  }

  @Test
  void tellsOfALibtorchThatIsNotThereBesideAllTheRest() throws Exception {
    var outcome = Cli.finish(Cli.start("DEMUR_TORCH=/nowhere", List.of(), "doctor"));
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.out())
        .containsPattern("BROKEN +libtorch +DEMUR_TORCH: /nowhere: no PyTorch here")
        .contains("machine", "cache", "text");
  }

  @Test
  void saysItAsJson() {
    var outcome = Cli.run("doctor", "--json");
    var findings = JsonMapper.shared().readTree(outcome.out()).path("findings");
    assertThat(findings.size()).isGreaterThan(6);
    for (JsonNode finding : findings) {
      assertThat(finding.path("subject").asString()).isNotBlank();
      assertThat(finding.path("found").asString()).isNotBlank();
      assertThat(finding.path("state").asString())
          .isIn(Set.of("GOOD", "COULD_BE_BETTER", "BROKEN"));
    }
  }
}
