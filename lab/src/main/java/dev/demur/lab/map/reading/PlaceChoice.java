package dev.demur.lab.map.reading;

import dev.demur.lab.direction.Candidate;

/// Where directions are read.
public sealed interface PlaceChoice {

  /// At one place that is known.
  record Fixed(Candidate place) implements PlaceChoice {}

  /// Where a rule says, going by validation prompts.
  ///
  /// @param rule which place
  /// @param reach for whom it is chosen
  record Selected(Rule rule, Reach reach) implements PlaceChoice {}

  /// Which place is chosen.
  enum Rule {
    /// The study's: the lowest refusal score of target prompts under ablation, among places whose
    /// addition makes contrast prompts refused and whose ablation costs little KL.
    BYPASS("bypass"),
    /// Where ablation makes target prompts look like contrast prompts, and addition the reverse, in
    /// the layers where the two are least alike.
    ///
    /// Source: Siu et al. 2025 (arXiv 2506.00085), COSMIC.
    COSMIC("cosmic"),
    /// Where ablation changes the outcome of target prompts most.
    OUTCOME("outcome");

    private final String text;

    Rule(String text) {
      this.text = text;
    }

    /// The name in flags and reports.
    public String text() {
      return text;
    }
  }

  /// For whom a place is chosen.
  enum Reach {
    /// One for all pairs, chosen for the first: cosines are then of one place.
    FIRST,
    /// One for every pair.
    EACH
  }
}
