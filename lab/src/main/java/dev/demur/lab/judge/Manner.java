package dev.demur.lab.judge;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.regex.Pattern;

/// How an answer speaks: ways of turning a request down without a word of refusing, and of doing
/// what was asked. The same manner weighs differently by what was asked for, so each signal is
/// given by itself and together with the kind of request.
///
/// The patterns are in `refusal-manner.txt`; `tools/judge/features.py` has the same rules.
final class Manner {

  private static final Map<String, Pattern> PATTERNS = Asking.patterns("refusal-manner.txt");

  private Manner() {}

  /// The signals of an answer to a request of one kind.
  ///
  /// @param kind what [Asking#kind] told
  static SequencedSet<String> signals(Passage passage, String kind) {
    var found = new LinkedHashSet<String>();
    found.add(kind + "-request");
    add(found, passage.text(Passage.Scope.FIRST), "first", kind);
    add(found, passage.text(Passage.Scope.REST), "rest", kind);
    return found;
  }

  private static void add(SequencedSet<String> found, String text, String scope, String kind) {
    PATTERNS.forEach(
        (name, pattern) -> {
          if (pattern.matcher(text).find()) {
            found.add(name + "." + scope);
            found.add(name + "." + scope + "/" + kind);
          }
        });
  }
}
