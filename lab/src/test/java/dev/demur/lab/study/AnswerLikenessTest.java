package dev.demur.lab.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerLikenessTest {

  private static List<String> words(String text) {
    return List.of(text.split(" "));
  }

  @Test
  void theSameAnswerIsAllBeginningAndNoDistance() {
    var answer = words("stir the dough and bake it");
    assertThat(AnswerLikeness.prefix(answer, answer)).isEqualTo(1);
    assertThat(AnswerLikeness.distance(answer, answer)).isZero();
  }

  @Test
  void distanceCountsWordsAndIsSymmetric() {
    var left = words("stir the dough and bake it");
    var right = words("stir a dough then bake it now");
    assertThat(AnswerLikeness.distance(left, right)).isEqualTo(3.0 / 7);
    assertThat(AnswerLikeness.distance(right, left)).isEqualTo(3.0 / 7);
    assertThat(AnswerLikeness.prefix(left, right)).isEqualTo(1.0 / 7);
  }
}
