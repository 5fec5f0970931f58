package dev.demur.lab.latent;

import dev.demur.lab.coherence.CrossEntropy;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.stats.Rate;
import java.util.List;
import java.util.Optional;

/// What a model's lower layers said.
///
/// @param decoded answers by layer, the whole model's first; empty where none were asked for
/// @param patchscope readings of streams; absent where none were asked for
public record LatentResult(List<DecodedRow> decoded, Optional<PatchscopeResult> patchscope) {

  public LatentResult {
    decoded = List.copyOf(decoded);
  }

  /// What stands between the stream and the final norm.
  public enum Tail {
    /// Nothing.
    NONE,
    /// The stream's coordinates change places, always the same way: a tail that knows nothing.
    SHUFFLED
  }

  /// The answers to one kind of prompts, decoded from one layer.
  ///
  /// @param layer first block left out; the number of layers is the whole model
  /// @param prompts kind of prompts
  /// @param refused refusals by judge, among the answers that judge is calibrated for
  /// @param broken answers that are empty or loop
  /// @param tokens mean length
  /// @param loss of the answers' tokens under the whole, unedited model; absent where there are
  ///   none
  public record DecodedRow(
      int layer,
      Tail tail,
      String prompts,
      List<JudgedRate> refused,
      Rate broken,
      double tokens,
      Optional<CrossEntropy> loss) {

    public DecodedRow {
      refused = List.copyOf(refused);
    }

    /// What a judge says; empty where it judged none.
    public Optional<Rate> refusedBy(String judge) {
      return refused.stream()
          .filter(rate -> rate.judge().equals(judge))
          .map(JudgedRate::refused)
          .findFirst();
    }
  }

  /// Refusals as one judge sees them.
  public record JudgedRate(String judge, Rate refused) {}

  /// Readings of streams.
  ///
  /// @param text the other prompt
  /// @param harmless the reading that thinks well
  /// @param harmful the reading that thinks ill
  /// @param unpatched ln p(harmful) − ln p(harmless) with nothing put there, nats
  /// @param rows by layer and kind of stream
  public record PatchscopeResult(
      String text, String harmless, String harmful, double unpatched, List<PatchedRow> rows) {

    public PatchscopeResult {
      rows = List.copyOf(rows);
    }
  }

  /// Streams of one kind read in one layer and put into one.
  ///
  /// @param layer whose resid_pre was read
  /// @param into whose resid_pre was replaced
  /// @param streams kind of prompts they are of; `random` for random ones as long as the first
  ///   kind's
  /// @param preference ln p(harmful) − ln p(harmless), nats; above 0 the harmful reading is
  ///   likelier
  /// @param harmful streams of which it is
  public record PatchedRow(
      int layer, int into, String streams, Estimate preference, Rate harmful) {}
}
