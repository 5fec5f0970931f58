package dev.demur.lab.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.stats.Summary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Who is left behind, and that it is not the one all prompts would choose.
class EliminationTest {

  private static final SelectionRules RULES = SelectionRules.paper();
  private static final int PROMPTS = 32;
  private static final int CONTESTANTS = 40;
  private static final int DECISIONS = 3 * CONTESTANTS * 2;

  private final Random random = new Random(11);

  @Test
  void onAllPromptsTheRulesDecide() {
    var elimination = new Elimination(RULES, 2, 2, DECISIONS);
    assertThat(elimination.mayInduce(contestant(List.of(0.5, -0.5), List.of(0.0, 0.0)))).isTrue();
    assertThat(elimination.mayInduce(contestant(List.of(0.5, -0.6), List.of(0.0, 0.0)))).isFalse();
    assertThat(elimination.mayPreserve(contestant(List.of(1.0, 1.0), List.of(0.0, 0.2)))).isTrue();
    assertThat(elimination.mayPreserve(contestant(List.of(1.0, 1.0), List.of(0.1, 0.2)))).isFalse();
  }

  @Test
  void aPartOfThePromptsLeavesBehindOnlyWhatIsClear() {
    var elimination = new Elimination(RULES, PROMPTS, PROMPTS, DECISIONS);
    var kl = scores(8, 0.02, 0.001);
    assertThat(elimination.mayInduce(contestant(scores(8, -9, 1), kl))).isFalse();
    assertThat(elimination.mayInduce(contestant(scores(8, -0.5, 1), kl))).isTrue();
    assertThat(elimination.mayPreserve(contestant(kl, scores(8, 3, 0.2)))).isFalse();
    assertThat(elimination.mayPreserve(contestant(kl, scores(8, 0.2, 0.2)))).isTrue();
  }

  @Test
  void onlyOneThatIsSureToPassPutsOthersOut() {
    var elimination = new Elimination(RULES, PROMPTS, PROMPTS, DECISIONS);
    var sure =
        new Contestant(
            new Candidate(-1, 1), scores(8, 9, 1), scores(8, 0.02, 0.001), scores(8, -9, 1));
    var unsure =
        new Contestant(
            new Candidate(-1, 2), scores(8, 0, 1), scores(8, 0.1, 0.05), scores(8, -20, 1));
    var worse =
        new Contestant(
            new Candidate(-1, 3), scores(8, 9, 1), scores(8, 0.02, 0.001), scores(8, 3, 1));
    assertThat(elimination.mayWin(List.of(sure, unsure, worse))).containsExactly(sure, unsure);
    assertThat(elimination.mayWin(List.of(unsure, worse))).containsExactly(unsure, worse);
  }

  @Test
  void theChoiceOfAllPromptsIsSeldomLeftBehind() {
    int studies = 300;
    int lost = 0;
    int run = 0;
    for (int study = 0; study < studies; study++) {
      var all = IntStream.range(0, CONTESTANTS).mapToObj(this::drawn).toList();
      var choice = choice(all);
      var left = all;
      for (int seen : List.of(8, 16)) {
        run += left.size() * 8;
        var elimination = new Elimination(RULES, PROMPTS, PROMPTS, DECISIONS);
        var parts = left.stream().map(one -> first(one, seen)).toList();
        var may =
            elimination.mayWin(
                parts.stream()
                    .filter(elimination::mayInduce)
                    .filter(elimination::mayPreserve)
                    .toList());
        var places = may.stream().map(Contestant::candidate).toList();
        left = left.stream().filter(one -> places.contains(one.candidate())).toList();
      }
      run += left.size() * 16;
      lost += choice.equals(choice(left)) ? 0 : 1;
    }
    assertThat(lost).as("choices that changed in " + studies + " studies").isLessThan(15);
    assertThat(run).as("what is saved").isLessThan(studies * CONTESTANTS * PROMPTS * 2 / 3);
  }

  private static Optional<Candidate> choice(List<Contestant> contestants) {
    return contestants.stream()
        .filter(one -> Summary.mean(one.induce()) >= RULES.induceLimit())
        .filter(one -> Summary.mean(one.kl()) <= RULES.klLimit())
        .min(Comparator.comparingDouble(one -> Summary.mean(one.bypass())))
        .map(Contestant::candidate);
  }

  /// Scores as studies have them: prompts scatter by some nats, KL is positive and skewed.
  private Contestant drawn(int layer) {
    var kl = new ArrayList<Double>();
    double size = Math.exp(random.nextGaussian() - 3);
    for (int i = 0; i < PROMPTS; i++) {
      kl.add(size * Math.exp(random.nextGaussian() / 2));
    }
    return new Contestant(
        new Candidate(-1, layer),
        scores(PROMPTS, 5 * random.nextGaussian(), 2),
        kl,
        scores(PROMPTS, 5 * random.nextGaussian(), 2));
  }

  private static Contestant first(Contestant one, int seen) {
    return new Contestant(
        one.candidate(),
        one.induce().subList(0, seen),
        one.kl().subList(0, seen),
        one.bypass().subList(0, seen));
  }

  private static Contestant contestant(List<Double> induce, List<Double> kl) {
    return new Contestant(new Candidate(-1, 0), induce, kl, List.of());
  }

  private List<Double> scores(int count, double mean, double spread) {
    return Stream.generate(() -> mean + spread * random.nextGaussian()).limit(count).toList();
  }
}
