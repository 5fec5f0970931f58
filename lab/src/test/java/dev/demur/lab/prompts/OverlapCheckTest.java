package dev.demur.lab.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.demur.lab.RealData;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class OverlapCheckTest {

  private static final PromptSet LEFT =
      PromptSet.of("left", List.of("Bake a cake for me, please!", "Paint the fence.", "洗衣服"));

  @Test
  void findsTheSamePromptWhateverItsCaseAndPunctuation() {
    var right = PromptSet.of("right", List.of("Sing.", "“bake a Cake, for me — please”"));
    assertThat(OverlapCheck.usual().between(LEFT, right))
        .containsExactly(new Overlap(0, 1, 1, Overlap.Kind.SAME));
  }

  @Test
  void findsPromptsThatDifferInAWord() {
    var right = PromptSet.of("right", List.of("Bake a cake for us, please!", "洗衣服吧"));
    assertThat(OverlapCheck.usual().between(LEFT, right))
        .extracting(Overlap::left, Overlap::right, Overlap::kind)
        .containsExactly(
            tuple(0, 0, Overlap.Kind.NEARLY_SAME), tuple(2, 1, Overlap.Kind.NEARLY_SAME));
  }

  @Test
  void findsNothingBetweenUnlikePrompts() {
    var right = PromptSet.of("right", List.of("Paint a wall in the garden green.", "Bake bread."));
    assertThat(OverlapCheck.usual().between(LEFT, right)).isEmpty();
  }

  @Test
  @Tag("real")
  void findsWhatTheReleasedSplitsShareWithJailbreakBench() throws IOException {
    var layout = ReleasedLayout.at(RealData.path("refusal_direction"));
    var shared =
        OverlapCheck.usual()
            .between(layout.harmful(Split.TRAIN), layout.evaluationSet("jailbreakbench"));
    assertThat(shared).filteredOn(pair -> pair.kind() == Overlap.Kind.SAME).hasSize(1);
    assertThat(shared).hasSize(8);
  }
}
