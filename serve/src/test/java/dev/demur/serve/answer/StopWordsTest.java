package dev.demur.serve.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Stop texts are found wherever the pieces of a text are cut.
class StopWordsTest {

  private static String through(List<String> stops, Iterable<String> pieces) {
    var words = new StopWords(stops);
    var out = new StringBuilder();
    pieces.forEach(piece -> out.append(words.next(piece)));
    return out.append(words.rest()).toString();
  }

  @Test
  void theEarliestStopTextEnds() {
    assertThat(through(List.of("\n\n", "END"), List.of("one END two\n\nthree"))).isEqualTo("one ");
  }

  @Test
  void whatMayBeginAStopTextWaits() {
    var words = new StopWords(List.of("</s>"));
    assertThat(words.next("a</")).isEqualTo("a");
    assertThat(words.next("b")).isEqualTo("</b");
    assertThat(words.next("<")).isEmpty();
    assertThat(words.rest()).isEqualTo("<");
  }

  /// The law: cut anywhere, what comes out is the text up to the stop text that is complete first.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void cutsChangeNothing(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      var text = letters(random, 30);
      var stops = List.of(letters(random, 3) + "a", letters(random, 2) + "b");
      assertThat(through(stops, pieces(text, random))).isEqualTo(cut(text, stops));
    }
  }

  /// Looks at every beginning of the text for the first that ends with a stop text.
  private static String cut(String text, List<String> stops) {
    for (int end = 1; end <= text.length(); end++) {
      String read = text.substring(0, end);
      var longest = stops.stream().filter(read::endsWith).mapToInt(String::length).max();
      if (longest.isPresent()) {
        return read.substring(0, end - longest.getAsInt());
      }
    }
    return text;
  }

  static String letters(Random random, int most) {
    var text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.append((char) ('a' + random.nextInt(2)));
    }
    return text.toString();
  }

  static List<String> pieces(String text, Random random) {
    var pieces = new ArrayList<String>();
    for (int i = 0; i < text.length(); ) {
      int next = Math.min(text.length(), i + 1 + random.nextInt(4));
      pieces.add(text.substring(i, next));
      i = next;
    }
    return pieces;
  }
}
