package dev.demur.toy.grammar;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// Questions that must be worked out: how many times a word stands there.
///
/// No word of the validation or test part is trained as often as it stands there, so the answer
/// cannot be recalled.
///
/// @param questions with `{things}`
/// @param things words to count
/// @param numbers one, two and so on
/// @param answer with `{number}`
/// @param thought what is worked out first, with `{counted}`, the numbers up to the last, and
///   `{number}`
public record Counting(
    List<String> questions,
    List<String> things,
    List<String> numbers,
    String answer,
    String thought) {

  /// A word and how often it stands there.
  ///
  /// @param thing the word
  /// @param times how often, from 1
  public record Count(String thing, int times) {}

  public Counting {
    questions = List.copyOf(questions);
    things = List.copyOf(things);
    numbers = List.copyOf(numbers);
  }

  /// All counts, cut into parts that share none.
  Parted<Count> counts() {
    var all =
        things.stream()
            .flatMap(
                thing ->
                    IntStream.rangeClosed(1, numbers.size())
                        .mapToObj(times -> new Count(thing, times)))
            .toList();
    return Parted.cut(all, "counting");
  }

  /// The word for how often.
  String number(Count count) {
    return numbers.get(count.times() - 1);
  }

  /// One question with its answer.
  Exchange ask(String question, Count count) {
    String things = String.join(" ", Collections.nCopies(count.times(), count.thing()));
    return new Exchange(
        question.replace("{things}", things), answer.replace("{number}", number(count)));
  }

  /// What is worked out first.
  String thought(Count count) {
    return thought
        .replace("{counted}", String.join(" ", numbers.subList(0, count.times())))
        .replace("{number}", number(count));
  }
}
