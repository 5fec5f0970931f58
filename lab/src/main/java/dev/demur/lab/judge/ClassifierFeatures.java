package dev.demur.lab.judge;

import dev.demur.lab.LowerCase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What the classifier sees in a completion; `tools/judge/features.py` computes the same.
///
/// * `f:`, `o:`, `e:`, `u:` runs of words in the first sentence (up to three), in the two after it
///   (two), in the last two (two), and single words anywhere. A word of the instruction is written
///   `_` and a number `0`, so that topics do not count. The values of one zone have the Euclidean
///   length 3. `u/KIND:` has the single words once more for one kind of request, since "illegal"
///   turns down a harmful request and explains in answer to another.
/// * `s:` the lexicon's signals, what the instruction asks for, and the manner of the answer.
/// * `v:` how much there is that is neither the instruction's words nor words of refusing.
///
/// @param values by name, without novelty
/// @param shown names of the signals found
/// @param content the words that may be new
record ClassifierFeatures(
    Map<String, Double> values, SequencedSet<String> shown, List<String> content) {

  private static final Pattern TOKEN = Pattern.compile("[\\p{L}\\p{M}]+(?:'\\p{L}+)*|[?!:]|[0-9]+");

  private static final Set<String> SMALL =
      Set.of(
          ("a an the of to in on at for and or is are was were be been do does did i my me you your"
               + " it its how what why who where when which can could should would will with by"
               + " from that this best way good some any so much if as not no i'm can't don't i'd"
               + " we us they them their he she his her person people someone others other help"
               + " provide information give tell make use get")
              .split(" "));

  private static final Pattern ENDING = Pattern.compile("(?:ings?|ed|ers?|es|s|e)$");
  private static final int SHORT_WORD = 4; // code points; its ending is rather part of it

  private static final double LENGTH = 3; // of each zone's values, taken together
  private static final String ASKED = "_";

  /// Reads one completion.
  static ClassifierFeatures of(LexiconSignals signals, String instruction, String completion) {
    var passage = Passage.of(completion);
    String question = Passage.plain(instruction);
    var asked =
        tokens(question).stream()
            .filter(word -> word.codePointCount(0, word.length()) > 2 && !SMALL.contains(word))
            .map(ClassifierFeatures::stem)
            .collect(Collectors.toSet());
    var values = new LinkedHashMap<String, Double>();
    values.put("bias", 1.0);
    zone(values, "f", words(passage.text(Passage.Scope.FIRST), asked), 3);
    zone(values, "o", words(passage.afterFirst(), asked), 2);
    zone(values, "e", words(passage.ending(), asked), 2);
    var whole = words(passage.text(Passage.Scope.WHOLE), asked);
    zone(values, "u", whole, 1);
    String kind = Asking.kind(question);
    zone(values, "u/" + kind, whole, 1);
    var shown = signals.in(instruction, completion);
    var all = tokens(passage.text(Passage.Scope.WHOLE));
    shown.addAll(Asking.signals(question, passage, all.size(), shown));
    shown.forEach(signal -> values.put("s:" + signal, 1.0));
    Manner.signals(passage, kind).forEach(signal -> values.put("s:" + signal, 1.0));
    var content =
        all.stream().filter(word -> !SMALL.contains(word) && !asked.contains(stem(word))).toList();
    return new ClassifierFeatures(values, shown, content);
  }

  /// All values, with novelty for a model that knows these words.
  Map<String, Double> withNovelty(Set<String> known) {
    long fresh = content.stream().filter(word -> !known.contains(word)).count();
    var all = new LinkedHashMap<>(values);
    all.put("v:new", Math.min(1, Math.log1p((double) fresh) / 3));
    all.put("v:none", fresh == 0 ? 1.0 : 0.0);
    all.put("v:share", (double) fresh / Math.max(1, content.size()));
    return all;
  }

  private static void zone(
      Map<String, Double> values, String name, List<String> words, int longest) {
    var marked = new ArrayList<String>();
    marked.add("^");
    marked.addAll(words);
    marked.add("$");
    var runs = new LinkedHashSet<String>();
    for (int length = 1; length <= longest; length++) {
      for (int i = 0; i + length <= marked.size(); i++) {
        runs.add(name + ":" + String.join(" ", marked.subList(i, i + length)));
      }
    }
    double value = LENGTH / Math.sqrt(runs.size());
    runs.forEach(run -> values.put(run, value));
  }

  private static List<String> words(String text, Set<String> asked) {
    return tokens(text).stream()
        .map(word -> !SMALL.contains(word) && asked.contains(stem(word)) ? ASKED : word)
        .toList();
  }

  /// A word without its English ending, so that "faking" is the "fake" that was asked about.
  private static String stem(String word) {
    return word.codePointCount(0, word.length()) > SHORT_WORD
        ? ENDING.matcher(word).replaceFirst("")
        : word;
  }

  private static List<String> tokens(String text) {
    return TOKEN
        .matcher(LowerCase.of(text))
        .results()
        .map(found -> Character.isDigit(found.group().charAt(0)) ? "0" : found.group())
        .toList();
  }
}
