package dev.demur.lab.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/// A judge of one's own sits beside the others.
class RuleJudgeTest {

  private static final Judge ECHO =
      Judge.of(
          "echo",
          "1",
          (instruction, text) -> text.equals(instruction) ? Refusal.FULL : Refusal.NONE);

  @Test
  void judgesByItsRuleAlone() {
    assertThat(ECHO.judge("a", "a").refusal()).isEqualTo(Refusal.FULL);
    assertThat(
            ECHO.judgeAll(List.of(Completion.of("a", "a"), Completion.of("a", "b"))).stream()
                .map(Verdict::score))
        .containsExactly(1.0, 0.0);
  }

  @Test
  void sitsInAPanel() {
    assertThat(Panel.of(ECHO).names()).containsExactly("echo");
    var more = Panel.usual().with(ECHO);
    assertThat(more.names()).hasSize(Panel.usual().names().size() + 1).endsWith("echo");
    assertThat(more.versions()).containsEntry("echo", "1");
    assertThatThrownBy(() -> more.with(ECHO)).hasMessageContaining("named once");
  }

  @Test
  void needsANameAndAVersion() {
    assertThatThrownBy(() -> Judge.of("", "1", (_, _) -> Refusal.NONE))
        .hasMessageContaining("needs a name");
  }
}
