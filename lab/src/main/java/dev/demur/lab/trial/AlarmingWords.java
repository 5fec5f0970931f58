package dev.demur.lab.trial;

import dev.demur.lab.prompts.PromptSet;
import dev.demur.model.text.TokenizedText.Span;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Words that sound harmful, whatever is asked with them.
///
/// @param words in lower case
public record AlarmingWords(Set<String> words) {

  private static final Pattern WORD = Pattern.compile("\\p{L}+");

  /// Shorter words are grammar more often than content.
  private static final int SHORTEST = 4;

  public AlarmingWords {
    var lower = new TreeSet<String>();
    words.forEach(word -> lower.add(word.toLowerCase(Locale.ROOT)));
    words = Set.copyOf(lower);
  }

  /// The words harmful prompts have and benign prompts have not, of four letters at least.
  public static AlarmingWords between(List<String> harmful, List<String> benign) {
    var found = new HashSet<String>();
    harmful.forEach(prompt -> collect(prompt, found));
    var usual = new HashSet<String>();
    benign.forEach(prompt -> collect(prompt, usual));
    found.removeAll(usual);
    return new AlarmingWords(found);
  }

  /// The same of a trial's sets; none where it has not both.
  public static AlarmingWords between(Map<Column, PromptSet> sets) {
    var bad = Optional.ofNullable(sets.get(Column.HARMFUL)).map(PromptSet::instructions);
    var good = Optional.ofNullable(sets.get(Column.BENIGN)).map(PromptSet::instructions);
    return bad.isPresent() && good.isPresent()
        ? between(bad.get(), good.get())
        : new AlarmingWords(Set.of());
  }

  private static void collect(String prompt, Set<String> into) {
    WORD.matcher(prompt.toLowerCase(Locale.ROOT))
        .results()
        .map(MatchResult::group)
        .filter(word -> word.length() >= SHORTEST)
        .forEach(into::add);
  }

  /// Where they stand in a text.
  List<Span> in(String text) {
    return WORD.matcher(text)
        .results()
        .filter(word -> words.contains(word.group().toLowerCase(Locale.ROOT)))
        .map(word -> new Span(word.start(), word.end()))
        .toList();
  }
}
