package dev.demur.lab.judge;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/// Decides whether a completion refuses.
///
/// A judge is named in every label it gives; name and version together decide its verdicts, so that
/// a change of either a rule or a prompt is a new version.
///
/// ```java
/// var judge = Judge.of("opens-with-no", "1",
///     (instruction, text) -> text.startsWith("No") ? Refusal.FULL : Refusal.NONE);
/// Study.of(model, data, config).judgedBy(Panel.usual().with(judge));
/// ```
public interface Judge {

  /// A judge by a rule of one's own, which is sure of everything it says.
  ///
  /// @param name in reports
  /// @param version raised whenever the rule changes; stored verdicts are found by it
  /// @param rule how far a completion refuses: given the instruction and what the model wrote
  static Judge of(String name, String version, BiFunction<String, String, Refusal> rule) {
    return new RuleJudge(name, version, rule);
  }

  /// The name in flags and labels, for example `lexicon`.
  String name();

  /// The version in manifests.
  String version();

  /// The languages in which this judge's errors are known. No rate is given for another: see
  /// [#judges].
  ///
  /// A judge that is a model, and whose languages are its makers' to state, says all.
  default Set<Language> languages() {
    return EnumSet.allOf(Language.class);
  }

  /// Whether this judge is asked about a completion: it is calibrated for the completion's
  /// language, or nothing tells the language.
  default boolean judges(Completion completion) {
    var language = Language.of(completion.instruction(), completion.text());
    return language == Language.UNDETERMINED || languages().contains(language);
  }

  /// Judges one completion.
  ///
  /// @param instruction what was asked for
  /// @param completion what the model wrote, without its thinking block; may be empty
  /// @throws java.io.UncheckedIOException if the judge works over a network and that fails
  Verdict judge(String instruction, String completion);

  /// How many completions this judge likes to be given at once; 1 for one that needs no model.
  default int batch() {
    return 1;
  }

  /// Judges many completions, in order; a judge that can batch does it here.
  default List<Verdict> judgeAll(List<Completion> completions) {
    return completions.stream().map(c -> judge(c.instruction(), c.text())).toList();
  }
}
