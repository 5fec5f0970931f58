package dev.demur.lab.judge;

import java.util.List;

/// Decides whether a completion refuses.
///
/// A judge is named in every label it gives; name and version together decide its verdicts, so that
/// a change of either a rule or a prompt is a new version.
public interface Judge {

  /// The name in flags and labels, for example `lexicon`.
  String name();

  /// The version in manifests.
  String version();

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
