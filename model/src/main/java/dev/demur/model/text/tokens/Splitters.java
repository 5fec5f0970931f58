package dev.demur.model.text.tokens;

import dev.demur.model.text.regex.Regex;
import dev.demur.model.text.regex.Work;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import tools.jackson.databind.JsonNode;

/// Cuts a text into words, each of which becomes tokens of its own.
///
/// Source: `tokenizers/src/pre_tokenizers`.
final class Splitters {

  /// One way of cutting; takes a piece and hands on smaller ones.
  interface Step {
    void split(Aligned piece, Work work, Consumer<Aligned> words);
  }

  private static final Finder GPT2_WORDS =
      Finder.of(
          Regex.compile(
              "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+|"
                  + " ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"));

  private Splitters() {}

  /// The steps of a `pre_tokenizer`; each cuts what the ones before have left.
  static List<Step> of(Parts parts, JsonNode part) throws IOException {
    return parts.all(part, "pretokenizers", (node, type) -> step(parts, node, type));
  }

  /// Hands the words of a piece on, in order.
  static void split(List<Step> steps, Aligned piece, Work work, Consumer<Aligned> words) {
    if (piece.isEmpty()) {
      return;
    }
    if (steps.isEmpty()) {
      words.accept(piece);
      return;
    }
    List<Step> rest = steps.subList(1, steps.size());
    steps.getFirst().split(piece, work, part -> split(rest, part, work, words));
  }

  private static Step step(Parts parts, JsonNode part, String type) throws IOException {
    return switch (type) {
      case "ByteLevel" -> byteLevel(parts, part);
      case "Metaspace" -> metaspace(parts, part);
      case "Split" -> {
        Finder finder = parts.pattern(part);
        Behavior behavior = parts.choice(part, "behavior", Behavior::named);
        yield at(parts.flag(part, "invert", false) ? finder.inverted() : finder, behavior);
      }
      case "Digits" ->
          at(
              Finder.characters(Characters::isNumeric),
              parts.flag(part, "individual_digits", false)
                  ? Behavior.ISOLATED
                  : Behavior.CONTIGUOUS);
      case "Punctuation" ->
          at(
              Finder.characters(Characters::isPunctuation),
              part.has("behavior")
                  ? parts.choice(part, "behavior", Behavior::named)
                  : Behavior.ISOLATED);
      case "Whitespace" -> Splitters::wordsAndSigns;
      case "WhitespaceSplit" -> at(Finder.characters(Characters::isSpace), Behavior.REMOVED);
      case "BertPreTokenizer" -> Splitters::bertWords;
      case "UnicodeScripts" -> Splitters::scripts;
      case "CharDelimiterSplit" -> {
        int delimiter = parts.character(part, "delimiter");
        yield at(Finder.characters(c -> c == delimiter), Behavior.REMOVED);
      }
      default -> throw parts.unknown("pre-tokenizer", type);
    };
  }

  private static Step at(Finder finder, Behavior behavior) {
    return (piece, work, words) -> {
      Behavior.Joiner joiner = behavior.joining((from, to) -> words.accept(piece.slice(from, to)));
      finder.cut(piece, work, joiner);
      joiner.end();
    };
  }

  private static Step byteLevel(Parts parts, JsonNode part) throws IOException {
    boolean spaceFirst = parts.flag(part, "add_prefix_space", true);
    Step cut =
        parts.flag(part, "use_regex", true)
            ? at(GPT2_WORDS, Behavior.ISOLATED)
            : (piece, work, words) -> words.accept(piece);
    return (piece, work, words) -> {
      Aligned whole =
          spaceFirst && piece.at(0) != ' ' ? Normalizers.spaceInFront().apply(piece, work) : piece;
      cut.split(whole, work, word -> words.accept(ByteLetters.spell(word, work)));
    };
  }

  private static Step metaspace(Parts parts, JsonNode part) throws IOException {
    int replacement =
        part.has("replacement") ? parts.character(part, "replacement") : Metaspace.DEFAULT;
    Metaspace.Scheme scheme = Metaspace.scheme(parts, part);
    Normalizers.Step replaces = Normalizers.spacesAs(replacement);
    Normalizers.Step prepends = Normalizers.prepending(new int[] {replacement});
    Step cut =
        parts.flag(part, "split", true)
            ? at(Finder.characters(c -> c == replacement), Behavior.MERGED_WITH_NEXT)
            : (piece, work, words) -> words.accept(piece);
    return (piece, work, words) -> {
      Aligned text = replaces.apply(piece, work);
      boolean wanted =
          switch (scheme) {
            case ALWAYS -> true;
            case FIRST -> text.from(0) == 0;
            case NEVER -> false;
          };
      boolean prepended = wanted && text.at(0) != replacement;
      cut.split(prepended ? prepends.apply(text, work) : text, work, words);
    };
  }

  private static void bertWords(Aligned piece, Work work, Consumer<Aligned> words) {
    Step signs = at(Finder.characters(Characters::isPunctuation), Behavior.ISOLATED);
    at(Finder.characters(Characters::isSpace), Behavior.REMOVED)
        .split(piece, work, word -> signs.split(word, work, words));
  }

  /// Runs of word characters, and runs of what is neither that nor white space.
  private static void wordsAndSigns(Aligned piece, Work work, Consumer<Aligned> words) {
    runs(
        piece,
        work,
        c -> Characters.isWord(c) ? 1 : Characters.isSpace(c) ? 0 : 2,
        c -> !Characters.isSpace(c),
        words);
  }

  /// Runs of one script; kana count as Han, a space and what has no script belong to what is before
  /// them.
  private static void scripts(Aligned piece, Work work, Consumer<Aligned> words) {
    int[] last = {-1};
    runs(
        piece,
        work,
        c -> {
          int script = script(c);
          last[0] = script < 0 ? last[0] : script;
          return last[0];
        },
        _ -> true,
        words);
  }

  /// A number for each script: numbers are only compared with each other.
  @SuppressWarnings("EnumOrdinal")
  private static int script(int c) {
    Character.UnicodeScript script = Character.UnicodeScript.of(c);
    return switch (script) {
      case HIRAGANA, KATAKANA -> Character.UnicodeScript.HAN.ordinal();
      case UNKNOWN -> -1;
      default ->
          c == 0x30FC ? Character.UnicodeScript.HAN.ordinal() : c == ' ' ? -1 : script.ordinal();
    };
  }

  private static void runs(
      Aligned piece,
      Work work,
      IntUnaryOperator kind,
      IntPredicate keeps,
      Consumer<Aligned> words) {
    work.spend(4L * piece.length());
    int start = 0;
    int before = kind.applyAsInt(piece.at(0));
    for (int i = 1; i <= piece.length(); i++) {
      int now = i < piece.length() ? kind.applyAsInt(piece.at(i)) : before + 1;
      if (now != before) {
        if (keeps.test(piece.at(start))) {
          words.accept(piece.slice(start, i));
        }
        start = i;
        before = now;
      }
    }
  }
}
