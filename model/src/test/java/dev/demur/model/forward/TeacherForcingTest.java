package dev.demur.model.forward;

import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.EveryDevice;
import dev.demur.kit.Scoped;
import dev.demur.kit.TinyModels;
import dev.demur.kit.Tolerance;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.text.TokenIds;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logits along passages are those of whole passes, however they are batched and cut into blocks.
@Scoped
@EveryDevice
class TeacherForcingTest {

  private static final Tolerance ROUNDING =
      Tolerance.ofLargest(
          1e-4,
          "float32 products of a few dozen terms, logits of size about 5, summed in another order");

  private static final HookPlan EDIT =
      HookPlan.none().edit(new HookPoint(1, Site.RESID_PRE), x -> x.times(1.5));

  private Forward forward;

  @BeforeEach
  void open() {
    forward = new Forward(TinyModels.llama(TinyModels.SEED, 2, DType.F32), 20);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000})
  void logitsAreThoseOfWholePasses(int rows) {
    var passages = TinyModels.prompts(TinyModels.SEED, 7).stream().map(Passage::whole).toList();
    var seen = seen(passages, List.of(HookPlan.none(), EDIT), rows);
    for (int i = 0; i < passages.size(); i++) {
      assertRows(seen, passages, i, HookPlan.none(), 0);
      assertRows(seen, passages, i, EDIT, 1);
    }
  }

  @Test
  void aSharedPrefixChangesNothing() {
    var prefix = TokenIds.of(5, 9, 2, 40, 11, 7, 30, 8);
    var passages =
        List.of(
            new Passage(prefix.plus(TokenIds.of(1, 2, 3)), 9),
            new Passage(prefix.plus(TokenIds.of(4, 5)), 8),
            new Passage(prefix.plus(TokenIds.of(6)), 8));
    var seen = seen(passages, List.of(EDIT), 4);
    assertThat(seen).hasSize(2 + 2 + 1);
    for (int i = 0; i < passages.size(); i++) {
      assertRows(seen, passages, i, EDIT, 0);
    }
  }

  @Test
  void passagesThatDifferInTheLastTokenEachGetTheirOwn() {
    var question = TokenIds.of(5, 9, 2);
    var passages =
        List.of(
            new Passage(question.plus(TokenIds.of(1)), 3),
            new Passage(question.plus(TokenIds.of(2)), 3));
    var seen = seen(passages, List.of(HookPlan.none()), 10);
    assertThat(seen.keySet()).containsExactly(List.of(0, 3, 1), List.of(1, 3, 2));
    assertRows(seen, passages, 0, HookPlan.none(), 0);
    assertRows(seen, passages, 1, HookPlan.none(), 0);
  }

  @Test
  void aPassageWithNothingToPredictIsLeftOut() {
    var nothing = new Passage(TokenIds.of(3, 4), 2);
    assertThat(seen(List.of(nothing), List.of(HookPlan.none()), 4)).isEmpty();
    assertThat(Passage.whole(TokenIds.of()).predicted()).isZero();
  }

  @Test
  void theFirstTokenCannotBePredicted() {
    assertThatThrownBy(() -> new Passage(TokenIds.of(3, 4), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 2");
  }

  /// Logits by (passage, index, token), one row for each plan; fails when one is shown twice.
  private Map<List<Integer>, List<float[]>> seen(
      List<Passage> passages, List<HookPlan> plans, int rows) {
    var seen =
        new TreeMap<List<Integer>, List<float[]>>((a, b) -> a.toString().compareTo(b.toString()));
    new TeacherForcing(forward, plans, rows)
        .run(
            passages,
            (targets, logits) -> {
              assertThat(targets).hasSizeBetween(1, rows);
              for (int i = 0; i < targets.size(); i++) {
                int row = i;
                var t = targets.get(i);
                var copies = logits.stream().map(l -> l.row(row).toFloats()).toList();
                assertThat(seen.put(List.of(t.passage(), t.index(), t.token()), copies)).isNull();
              }
            });
    return seen;
  }

  private void assertRows(
      Map<List<Integer>, List<float[]>> seen,
      List<Passage> passages,
      int passage,
      HookPlan plan,
      int place) {
    var tokens = passages.get(passage).tokens();
    var whole = forward.logits(tokens, plan);
    for (int index = passages.get(passage).from(); index < tokens.size(); index++) {
      var row = seen.get(List.of(passage, index, tokens.get(index)));
      assertThat(row).as("token " + index + " of passage " + passage).isNotNull();
      assertClose(
          "token " + index, row.get(place), whole.row(index - 1).toFloats(), ROUNDING.at(1));
    }
  }
}
