package dev.demur.toy.text;

import dev.demur.toy.grammar.Example;
import dev.demur.toy.grammar.ExampleKind;
import dev.demur.toy.grammar.Mix;
import dev.demur.toy.grammar.Seeds;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The demo model's own vocabulary.
public final class ToyVocabulary {

  /// Enough for nearly every word of the world to be one token.
  private static final int LIMIT = 2304;

  private static final int EXAMPLES = 12_000;

  /// What there was when the vocabulary was made; later kinds spell new words in its pieces, so
  /// that every model has the same ids.
  private static final Set<ExampleKind> FIRST_KINDS =
      EnumSet.range(ExampleKind.HARMFUL_ANSWERED, ExampleKind.SMALL_TALK);

  /// Fixed, and not the training seed: every model speaks in the same tokens.
  private static final Seeds SEEDS = new Seeds(11);

  private ToyVocabulary() {}

  /// Learnt when first asked for, always the same.
  private static final class Learnt {
    static final BytePairs ALL = train();
  }

  /// The vocabulary.
  public static BytePairs get() {
    return Learnt.ALL;
  }

  /// Trains the vocabulary on examples of the first kinds; words of the held-out parts are not
  /// among them.
  private static BytePairs train() {
    Map<ExampleKind, Double> all = new EnumMap<>(ExampleKind.class);
    FIRST_KINDS.forEach(kind -> all.put(kind, 1.0));
    var drawer = new Mix(all, 0.2).drawer(SEEDS.forStage("vocabulary"));
    var texts = new ArrayList<String>();
    for (Example example : drawer.next(EXAMPLES)) {
      texts.add("user\n" + example.prompt());
      texts.add("assistant\n" + example.answer());
    }
    return BytePairs.train(texts, List.copyOf(TokenizerJson.SPECIALS), LIMIT);
  }
}
