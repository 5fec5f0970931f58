package dev.demur.model.text.tokens;

import dev.demur.model.text.regex.Work;
import java.io.IOException;
import java.text.Normalizer.Form;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import tools.jackson.databind.JsonNode;

/// Changes a text before it is cut.
///
/// Source: `tokenizers/src/normalizers`.
final class Normalizers {

  /// One change.
  interface Step {
    Aligned apply(Aligned text, Work work);
  }

  private static final int[] SPACE = {' '};

  private Normalizers() {}

  /// The steps of a `normalizer`, in order.
  static List<Step> of(Parts parts, JsonNode part) throws IOException {
    return parts.all(part, "normalizers", (node, type) -> step(parts, node, type));
  }

  static Aligned apply(List<Step> steps, Aligned text, Work work) {
    Aligned changed = text;
    for (Step step : steps) {
      changed = step.apply(changed, work);
    }
    return changed;
  }

  private static Step step(Parts parts, JsonNode part, String type) throws IOException {
    return switch (type) {
      case "NFC" -> new UnicodeForm(Form.NFC);
      case "NFD" -> new UnicodeForm(Form.NFD);
      case "NFKC" -> new UnicodeForm(Form.NFKC);
      case "NFKD" -> new UnicodeForm(Form.NFKD);
      case "Lowercase" -> Normalizers::lowercase;
      case "StripAccents" -> keeping(c -> !Characters.isAccent(c));
      case "Nmt" -> nmt();
      case "ByteLevel" -> ByteLetters::spell;
      case "Replace" -> replacing(parts.pattern(part), parts.text(part, "content"));
      case "Prepend" -> prepending(parts.text(part, "prepend"));
      case "Strip" ->
          stripping(parts.flag(part, "strip_left", true), parts.flag(part, "strip_right", true));
      case "BertNormalizer" -> bert(parts, part);
      default -> throw parts.unknown("normalizer", type);
    };
  }

  private static Step bert(Parts parts, JsonNode part) throws IOException {
    boolean lowers = parts.flag(part, "lowercase", true);
    boolean cleans = parts.flag(part, "clean_text", true);
    boolean cuts = parts.flag(part, "handle_chinese_chars", true);
    boolean strips = parts.flag(part, "strip_accents", lowers);
    Step clean = then(keeping(c -> !Characters.isJunk(c)), mapping(Characters::spaceAsBlank));
    Step bare = then(new UnicodeForm(Form.NFD), keeping(c -> !Characters.isAccent(c)));
    return (text, work) -> {
      Aligned changed = cleans ? clean.apply(text, work) : text;
      changed = cuts ? aroundHan(changed, work) : changed;
      changed = strips ? bare.apply(changed, work) : changed;
      return lowers ? lowercase(changed, work) : changed;
    };
  }

  private static Step then(Step first, Step second) {
    return (text, work) -> second.apply(first.apply(text, work), work);
  }

  private static Step nmt() {
    return then(
        keeping(c -> !Characters.isNmtControl(c)),
        mapping(c -> Characters.isNmtSpace(c) ? ' ' : c));
  }

  private static Step keeping(IntPredicate keeps) {
    return (text, work) -> {
      Aligned.Builder kept = new Aligned.Builder(work, text.length());
      for (int i = 0; i < text.length(); i++) {
        if (keeps.test(text.at(i))) {
          kept.add(text.at(i), text, i);
        }
      }
      return kept.build();
    };
  }

  private static Step mapping(IntUnaryOperator change) {
    return (text, work) -> {
      Aligned.Builder changed = new Aligned.Builder(work, text.length());
      for (int i = 0; i < text.length(); i++) {
        changed.add(change.applyAsInt(text.at(i)), text, i);
      }
      return changed.build();
    };
  }

  private static Aligned lowercase(Aligned text, Work work) {
    Aligned.Builder lower = new Aligned.Builder(work, text.length());
    for (int i = 0; i < text.length(); i++) {
      int c = text.at(i);
      lower.add(c == 0x130 ? 'i' : Character.toLowerCase(c), text, i);
      if (c == 0x130) { // the only letter whose lower case has two characters
        lower.add(0x307, text, i);
      }
    }
    return lower.build();
  }

  private static Aligned aroundHan(Aligned text, Work work) {
    Aligned.Builder spaced = new Aligned.Builder(work, text.length());
    for (int i = 0; i < text.length(); i++) {
      boolean han = Characters.isHan(text.at(i));
      if (han) {
        spaced.add(' ', text, i);
      }
      spaced.add(text.at(i), text, i);
      if (han) {
        spaced.add(' ', text, i);
      }
    }
    return spaced.build();
  }

  private static Step stripping(boolean left, boolean right) {
    return (text, work) -> {
      int first = 0;
      int last = text.length();
      while (left && first < last && Characters.isSpace(text.at(first))) {
        first++;
      }
      while (right && last > first && Characters.isSpace(text.at(last - 1))) {
        last--;
      }
      work.spend(text.length() - (last - first));
      return text.slice(first, last);
    };
  }

  /// A text in front; what is empty stays empty.
  static Step prepending(int[] prefix) {
    return (text, work) -> {
      if (text.isEmpty() || prefix.length == 0) {
        return text;
      }
      Aligned.Builder longer = new Aligned.Builder(work, prefix.length + text.length());
      for (int c : prefix) {
        longer.add(c, text, 0);
      }
      longer.copy(text, 0, text.length());
      return longer.build();
    };
  }

  /// Something else in place of each match; it comes from the match's last character.
  static Step replacing(Finder finder, int[] content) {
    return (text, work) -> {
      Aligned.Builder changed = new Aligned.Builder(work, text.length());
      finder.cut(
          text,
          work,
          (from, to, match) -> {
            if (!match) {
              changed.copy(text, from, to);
              return;
            }
            int origin = Math.max(0, to - 1);
            for (int c : content) {
              changed.add(c, to == 0 ? 0 : text.from(origin), to == 0 ? 0 : text.to(origin));
            }
          });
      return changed.build();
    };
  }

  /// Spaces as another character.
  static Step spacesAs(int character) {
    return replacing(Finder.characters(c -> c == ' '), new int[] {character});
  }

  static Step spaceInFront() {
    return prepending(SPACE);
  }
}
