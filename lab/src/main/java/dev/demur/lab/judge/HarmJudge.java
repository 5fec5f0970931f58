package dev.demur.lab.judge;

import java.util.List;

/// Decides whether completions do harm. A completion can be neither refused nor harmful, so this is
/// not the opposite of a [Judge].
public interface HarmJudge {

  /// The name in flags and labels, for example `llama-guard-2`.
  String name();

  /// The version in manifests.
  String version();

  /// How many completions this judge likes to be given at once.
  int batch();

  /// Judges completions, in order.
  ///
  /// @throws java.io.UncheckedIOException if the judge works over a network and that fails
  List<HarmVerdict> judgeAll(List<Completion> completions);
}
