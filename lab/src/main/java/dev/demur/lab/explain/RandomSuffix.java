package dev.demur.lab.explain;

import dev.demur.model.text.Prompt;
import dev.demur.model.text.Prompt.Region;
import dev.demur.model.text.PromptFormat;
import dev.demur.model.text.Tokenizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;

/// Draws suffixes of random words: what a text of that length does by itself.
///
/// Words are vocabulary entries that begin with a space and are plain letters, so that the text
/// tokenizes to what was drawn, as anything a person can type does.
public final class RandomSuffix {

  private static final Pattern WORD = Pattern.compile("[Ġ▁]([A-Za-z]{2,})");

  /// With fewer words, draws would repeat themselves.
  private static final int FEWEST_WORDS = 50;

  /// Where words join to other tokens, another draw helps; never that often.
  private static final int TRIES = 100;

  private final PromptFormat format;
  private final List<String> words;

  private RandomSuffix(PromptFormat format, List<String> words) {
    this.format = format;
    this.words = words;
  }

  /// Words of a vocabulary.
  ///
  /// @throws IllegalArgumentException if it has too few
  public static RandomSuffix of(PromptFormat format) {
    var tokenizer = format.tokenizer();
    var words = words(tokenizer);
    if (words.size() < FEWEST_WORDS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the vocabulary has %d words to draw random suffixes from, %d are needed; ask for"
                  + " none",
              words.size(),
              FEWEST_WORDS));
    }
    return new RandomSuffix(format, words);
  }

  private static List<String> words(Tokenizer tokenizer) {
    return IntStream.range(0, tokenizer.size())
        .mapToObj(tokenizer::token)
        .map(WORD::matcher)
        .filter(java.util.regex.Matcher::matches)
        .map(matcher -> " " + matcher.group(1))
        .toList();
  }

  /// The instruction with random words behind it.
  ///
  /// @param tokens how many tokens they take in the prompt
  /// @param random draws the words; changed by this call
  /// @throws IllegalArgumentException if no draw takes that many tokens
  public Prompt after(String instruction, int tokens, UniformRandomProvider random) {
    int count = tokens;
    for (int i = 0; i < TRIES; i++) {
      var text = new StringBuilder();
      for (int w = 0; w < Math.max(1, count); w++) {
        text.append(words.get(random.nextInt(words.size())));
      }
      var prompt = format.formatWithSuffix(instruction, text.toString());
      int got = length(prompt);
      if (got == tokens) {
        return prompt;
      }
      count += tokens - got;
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT, "no random suffix of %d tokens was found in %d tries", tokens, TRIES));
  }

  /// Tokens of a prompt's suffix.
  public static int length(Prompt prompt) {
    return Math.toIntExact(prompt.regions().stream().filter(r -> r == Region.SUFFIX).count());
  }
}
