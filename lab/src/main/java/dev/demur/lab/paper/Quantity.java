package dev.demur.lab.paper;

import java.util.Locale;

/// What a published number measures, so that a run's number of the same kind is found.
///
/// @param measure `refused`, `safe`, `attack_success`, `bypass`, `induce`, `kl`, `cross_entropy`,
///   `accuracy`, `position`, `layer` and so on
/// @param subject the prompt set, kind of text or task
/// @param variant how the model was run
public record Quantity(String measure, String subject, String variant) {

  /// What is added to a measure for the difference from the unedited model.
  private static final String CHANGE = "_change";

  private static final String UNEDITED = "unedited";

  /// Reads the three words of a data file.
  ///
  /// @throws IllegalArgumentException if there are not three
  static Quantity of(String text) {
    String[] words = text.split(" ", -1);
    if (words.length != 3) {
      throw new IllegalArgumentException(
          "a quantity must be measure, subject and variant, was \"" + text + "\"");
    }
    return new Quantity(words[0], words[1], words[2]);
  }

  /// The difference of this from the unedited model.
  public Quantity change() {
    return new Quantity(measure + CHANGE, subject, variant);
  }

  /// The same of the unedited model.
  Quantity unedited() {
    return new Quantity(measure, subject, UNEDITED);
  }

  /// Whether its difference from the unedited model says more than itself: losses and accuracies
  /// depend on the text, differences on the edit.
  boolean isComparedByChange() {
    return (measure.equals("cross_entropy") || measure.equals("accuracy"))
        && !variant.equals(UNEDITED);
  }

  /// In words: `cross entropy change, text, ablation`.
  public String text() {
    return String.format(Locale.ROOT, "%s, %s, %s", measure.replace('_', ' '), subject, variant);
  }
}
