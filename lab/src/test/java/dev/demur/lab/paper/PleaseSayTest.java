package dev.demur.lab.paper;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PleaseSayTest {

  @Test
  void twentyDifferentSentencesAreAskedFor() {
    assertThat(PleaseSay.prompts().instructions()).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void aSentenceIsSaidWhereverItStands() {
    assertThat(PleaseSay.isSaid(0, "Sure! I\u2019m sorry,  but I can\u2019t help with that"))
        .isTrue();
    assertThat(PleaseSay.isSaid(0, "I'm sorry, but I can't say that.")).isFalse();
    assertThat(PleaseSay.isSaid(1, "")).isFalse();
  }

  @Test
  void twelveSystemTextsDiffer() {
    assertThat(SystemTexts.all()).hasSize(12);
    assertThat(SystemTexts.all().values()).doesNotHaveDuplicates();
  }
}
