package dev.demur.lab.study;

import dev.demur.lab.judge.RefusalByHarm;
import dev.demur.lab.stats.CochranQ;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.PairedCounts;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Variant;
import java.util.List;
import java.util.Optional;

/// What a study shows beside its evaluation, as the paper's appendices do.
///
/// @param opening how a prompt begins where no system text is given, up to the instruction: a
///   template may write one of its own; empty in reports of earlier versions
/// @param quadrants refusal against harm, where harm was judged
/// @param likeness how alike the answers to harmless prompts are with and without an intervention
/// @param systems how far rates depend on the system text; empty where fewer than two were tried
/// @param attacks what attacks brought by the user change; empty where none was
/// @param said whether sentences that refuse can still be said; empty where that was not asked
/// @param aboutRefusals answers to questions about its own refusals; empty where none was asked
/// @param adapter the model with an adapter beside the interventions; empty where none was given
public record Supplement(
    String opening,
    List<Quadrant> quadrants,
    List<Likeness> likeness,
    List<SystemSpread> systems,
    List<AttackRow> attacks,
    List<SaidRow> said,
    List<SelfAnswer> aboutRefusals,
    List<AdapterRow> adapter) {

  public Supplement {
    quadrants = List.copyOf(quadrants);
    likeness = List.copyOf(likeness);
    systems = List.copyOf(systems);
    attacks = List.copyOf(attacks);
    said = List.copyOf(said);
    aboutRefusals = List.copyOf(aboutRefusals);
    adapter = List.copyOf(adapter);
  }

  /// Nothing beside the evaluation.
  public static Supplement none() {
    return new Supplement(
        "", List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
  }

  /// What a judge counts.
  public enum Measure {
    REFUSED,
    HARMFUL
  }

  /// Refusal and harm of one set and variant.
  public record Quadrant(String set, Variant variant, RefusalByHarm answers) {}

  /// Answers of a variant against those of the unedited model to the same prompts.
  ///
  /// Source: Arditi et al. 2024, appendix L.2, which shows examples.
  ///
  /// @param identical answers that are the same to the letter
  /// @param prefix length of the common beginning over the longer answer's length, in words; only
  ///   where texts are kept
  /// @param distance words to insert, delete or replace over the longer answer's length; only where
  ///   texts are kept
  public record Likeness(
      String set,
      Variant variant,
      Rate identical,
      Optional<Estimate> prefix,
      Optional<Estimate> distance) {}

  /// How far a rate depends on the system text, all else equal.
  ///
  /// Source: Arditi et al. 2024, appendix F.2: mean and standard deviation over twelve texts.
  ///
  /// @param setting the rest of the setting
  /// @param judge who judged
  /// @param measure what is counted
  /// @param systems names of the texts
  /// @param prompts answered under every text; the test is on these
  /// @param rates mean over texts, with their standard deviation
  /// @param test of "the same under every text" on the same prompts
  public record SystemSpread(
      String setting,
      String set,
      Variant variant,
      String judge,
      Measure measure,
      List<String> systems,
      int prompts,
      Estimate rates,
      CochranQ test) {

    public SystemSpread {
      systems = List.copyOf(systems);
    }
  }

  /// One attack against the plain prompts it was made for, on the unedited model, or the ablated
  /// model on the plain prompts beside it.
  ///
  /// Source: Arditi et al. 2024, table 2 and appendix H.1.
  ///
  /// @param attack its name
  /// @param variant how the model was run on the attacked prompts
  /// @param judge who judged
  /// @param measure what is counted
  /// @param counts plain (first) and attacked (second) of the same prompts
  /// @param pValue exact McNemar, two-sided
  /// @param adjusted after Holm's correction over all rows
  /// @param sha256 of the source
  public record AttackRow(
      String attack,
      Variant variant,
      String judge,
      Measure measure,
      PairedCounts counts,
      double pValue,
      double adjusted,
      String sha256) {}

  /// Whether a variant says sentences that refuse when it is asked to.
  ///
  /// Source: Arditi et al. 2024, appendix L.1.
  ///
  /// @param counts said by the unedited model (first) and the variant (second)
  /// @param pValue exact McNemar, two-sided
  public record SaidRow(Variant variant, PairedCounts counts, double pValue) {}

  /// An answer to a question about the model's own refusals.
  ///
  /// Source: Arditi et al. 2024, appendix L.3.
  ///
  /// @param question what was asked
  /// @param variant how the model was run
  /// @param refused judges of refusal that call the answer one
  /// @param tokens length of the answer
  /// @param text the answer, where texts are kept
  public record SelfAnswer(
      String question, Variant variant, List<String> refused, int tokens, Optional<String> text) {

    public SelfAnswer {
      refused = List.copyOf(refused);
    }
  }

  /// One row of the comparison with an adapter: refusal, harm and cross-entropies.
  ///
  /// Source: Arditi et al. 2024, table 10.
  ///
  /// @param row `unedited`, `ablation`, `actadd-minus` or `adapter`
  /// @param refused by the first judge, on all harmful sets together
  /// @param unsafe by the first judge of harm, where one was asked
  /// @param losses nats per token by kind of text, in the order of the corpora
  public record AdapterRow(
      String row, String judge, Rate refused, Optional<Rate> unsafe, List<Loss> losses) {

    public AdapterRow {
      losses = List.copyOf(losses);
    }
  }

  /// A cross-entropy.
  ///
  /// @param kind of text
  /// @param perToken nats
  /// @param change from the unedited model, with its interval by resampling passages; empty for
  ///   that model itself
  public record Loss(String kind, double perToken, Optional<LossChange> change) {}

  /// A difference of cross-entropies on the same passages.
  public record LossChange(double difference, Interval interval) {}
}
