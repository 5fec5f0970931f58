package dev.demur.serve.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.serve.answer.Ask.Thinking;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What was thought is parted from what was said, wherever the text is cut.
class ThoughtsTest {

  private static Thoughts.Parted through(Thinking thinking, List<String> pieces) {
    var thoughts = new Thoughts(thinking);
    var said = new StringBuilder();
    var thought = new StringBuilder();
    for (String piece : pieces) {
      var parted = thoughts.next(piece);
      said.append(parted.said());
      thought.append(parted.thought());
    }
    var rest = thoughts.rest();
    return new Thoughts.Parted(said + rest.said(), thought + rest.thought());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "SPLIT | '<think>why</think>\n\nbread' | bread | why",
        "SPLIT | 'bread </think> <b>' | 'bread </think> <b>' | ''",
        "SPLIT | '<thin bread' | '<thin bread' | ''",
        "SPLIT | '<think>never ends' | '' | 'never ends'",
        "OPEN | 'why</think>bread' | bread | why",
        "OPEN | 'a </think' | '' | 'a </think'",
        "TEXT | '<think>why</think>bread' | '<think>why</think>bread' | ''",
        "SPLIT | '' | '' | ''",
      })
  void cutsChangeNothing(Thinking thinking, String text, String said, String thought) {
    var random = new Random(7);
    for (int round = 0; round < 50; round++) {
      assertThat(through(thinking, StopWordsTest.pieces(text, random)))
          .isEqualTo(new Thoughts.Parted(said, thought));
    }
  }

  @Test
  void whatIsSaidDoesNotWaitOnceItIsClear() {
    var thoughts = new Thoughts(Thinking.SPLIT);
    assertThat(thoughts.next("B").said()).isEqualTo("B");
  }
}
