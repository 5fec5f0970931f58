package dev.demur.lab.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.explain.CausalResult.Verdict;
import dev.demur.lab.stats.Estimate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A5: four prompts whose interval covers zero are no evidence against an attribution.
class CausalVerdictTest {

  private static final Patch HEAD = new Patch(Patch.Kind.HEAD, 2, 1);
  private static final Set<Component> FALLEN = Set.of(Component.head(2, 1));

  private static final Estimate BACK = Estimate.of(List.of(1.0, 1.1, 0.9, 1.0));
  private static final Estimate AWAY = Estimate.of(List.of(-1.0, -1.1, -0.9, -1.0));

  /// −1.6 to 5.4 nats.
  private static final Estimate COVERS_ZERO = Estimate.of(List.of(0.0, 0.5, 2.0, 5.0));

  @Test
  void anIntervalThatCoversZeroShowsNothing() {
    assertThat(COVERS_ZERO.differsFromZero()).isFalse();
    assertThat(verdict(COVERS_ZERO, COVERS_ZERO)).isEqualTo(Verdict.NOT_SHOWN);
    assertThat(verdict(COVERS_ZERO, AWAY)).isEqualTo(Verdict.NOT_SHOWN);
    assertThat(verdict(AWAY, COVERS_ZERO)).isEqualTo(Verdict.NOT_SHOWN);
  }

  @Test
  void whatComesBackBeyondChanceSurvives() {
    assertThat(verdict(BACK, COVERS_ZERO)).isEqualTo(Verdict.SURVIVES);
    assertThat(verdict(AWAY, BACK)).isEqualTo(Verdict.SURVIVES);
  }

  @Test
  void whatGoesFurtherAwayDoesNotSurvive() {
    assertThat(verdict(AWAY, AWAY)).isEqualTo(Verdict.DOES_NOT_SURVIVE);
  }

  @Test
  void aHeadThatWritesNoLessSuggestsNothing() {
    assertThat(CausalChecks.verdict(HEAD, COVERS_ZERO, COVERS_ZERO, Set.of()))
        .isEqualTo(Verdict.NOT_SUGGESTED);
  }

  private static Verdict verdict(Estimate score, Estimate projection) {
    return CausalChecks.verdict(HEAD, score, projection, FALLEN);
  }
}
