package dev.demur.lab.map.reading;

import dev.demur.lab.map.pairs.MapPrompt;
import dev.demur.lab.map.pairs.Pair;
import dev.demur.lab.map.reading.Parts.Part;
import java.util.List;
import java.util.stream.IntStream;

/// A pair with its prompts in parts.
///
/// @param pair the pair
/// @param train target prompts that make its direction
/// @param trainContrast contrast prompts, the same
/// @param validation target prompts that choose its place; empty where it is known
/// @param validationContrast contrast prompts, the same
/// @param test target prompts that are asked
/// @param testContrast contrast prompts, the same
public record Side(
    Pair pair,
    List<MapPrompt> train,
    List<MapPrompt> trainContrast,
    List<MapPrompt> validation,
    List<MapPrompt> validationContrast,
    List<MapPrompt> test,
    List<MapPrompt> testContrast) {

  /// Pairs with their prompts in parts; a prompt has one part in all of them.
  ///
  /// @throws IllegalArgumentException if a side has too few prompts
  public static List<Side> of(List<Pair> pairs, MapConfig config) {
    var parts = Parts.of(pairs, config);
    return pairs.stream().map(pair -> of(pair, parts)).toList();
  }

  private static Side of(Pair pair, Parts parts) {
    var side =
        new Side(
            pair,
            parts.of(pair.target(), Part.TRAIN),
            parts.of(pair.contrast(), Part.TRAIN),
            parts.of(pair.target(), Part.VALIDATION),
            parts.of(pair.contrast(), Part.VALIDATION),
            parts.of(pair.target(), Part.TEST),
            parts.of(pair.contrast(), Part.TEST));
    side.require("make a direction", 2, side.train, side.trainContrast);
    side.require("be asked", 1, side.test, side.testContrast);
    return side;
  }

  private void require(String what, int least, List<MapPrompt> target, List<MapPrompt> contrast) {
    if (Math.min(target.size(), contrast.size()) < least) {
      throw new IllegalArgumentException(
          "pair "
              + pair.name()
              + ": "
              + target.size()
              + " target and "
              + contrast.size()
              + " contrast prompts are left to "
              + what
              + ", since others of its prompts have another part in an earlier pair; at least "
              + least
              + " of a side are needed");
    }
  }

  /// The same pair with its direction made of other prompts.
  Side madeOf(List<MapPrompt> target, List<MapPrompt> contrast) {
    return new Side(pair, target, contrast, validation, validationContrast, test, testContrast);
  }

  /// The same pair with its direction made of every second prompt.
  ///
  /// @param which 0 or 1
  public Side half(int which) {
    return madeOf(every(train, which), every(trainContrast, which));
  }

  private static List<MapPrompt> every(List<MapPrompt> prompts, int which) {
    return IntStream.range(0, prompts.size())
        .filter(i -> i % 2 == which)
        .mapToObj(prompts::get)
        .toList();
  }

  /// The same under another name.
  Side named(String name) {
    return new Side(
        new Pair(name, pair.target(), pair.contrast()),
        train,
        trainContrast,
        validation,
        validationContrast,
        test,
        testContrast);
  }

  /// The name of the pair.
  public String name() {
    return pair.name();
  }
}
