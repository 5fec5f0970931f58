package dev.demur.lab.audit;

import dev.demur.lab.audit.AuditResult.Agreement;
import dev.demur.lab.audit.AuditResult.Candidate;
import dev.demur.lab.audit.AuditResult.Facts;
import dev.demur.lab.audit.AuditResult.LayerRow;
import dev.demur.lab.audit.AuditResult.MatrixRow;
import dev.demur.lab.audit.AuditResult.PoolRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Where the lines between verdicts are drawn, and what is said about a finding.
final class Judgement {

  /// At most this likely in a clean checkpoint before it is called edited.
  static final double EDITED = 1e-4;

  /// At most this likely before it is called suspect.
  static final double SUSPECT = 1e-2;

  /// What an edit's energy is at most, over the next one. The least the clean real checkpoints
  /// showed was 0.89 (docs/results/audit.md): even where the null is wrong, they are not edits.
  static final double CLEAR_RATIO = 0.7;

  /// The same for suspicion.
  static final double DOUBTFUL_RATIO = 0.8;

  /// Writers that are isolated by themselves before directions of their own are spoken of.
  private static final double OWN_SHARE = 0.25;

  /// In a narrower stream, square matrices look as if they had a solid edge.
  private static final int WIDE = 64;

  /// A writer whose second-lowest direction has less than this, as square matrices do, may have
  /// next to nothing along the lowest by itself.
  private static final double SOLID_EDGE = 0.005;

  /// Of a writer with a solid edge: what is this far below the second is empty. The demo model's
  /// and SmolLM2's lowest was 0.4 of the second.
  private static final double EMPTY_RATIO = 0.02;

  private Judgement() {}

  static AuditResult of(
      Facts facts,
      Candidate candidate,
      Agreement agreement,
      List<PoolRow> pools,
      List<LayerRow> layers,
      List<MatrixRow> matrices) {
    double probability = Math.min(1, pools.size() * candidate.gap().probability());
    var sentences = new ArrayList<String>();
    var verdict = verdict(candidate, probability, sentences);
    int own = isolatedAlone(layers);
    boolean wide = facts.dModel() >= WIDE;
    if (verdict == Verdict.CLEAN && wide && own >= OWN_SHARE * layers.size()) {
      verdict = Verdict.SUSPECT;
      sentences.addFirst(
          String.format(
              Locale.ROOT,
              "%d of %d writers lack a direction of their own: an edit with one direction per"
                  + " layer would look like this.",
              own,
              layers.size()));
    }
    return new AuditResult(
        facts,
        verdict,
        sentences,
        probability,
        Optional.of(candidate),
        agreement,
        pools,
        layers,
        matrices);
  }

  static AuditResult tooNarrow(Facts facts) {
    return new AuditResult(
        facts,
        Verdict.CLEAN,
        List.of(
            String.format(
                Locale.ROOT,
                "The stream is too narrow (d_model %d) to tell a removed direction from chance.",
                facts.dModel())),
        1,
        Optional.empty(),
        new Agreement(0, 0, 0, 0, 0),
        List.of(),
        List.of(),
        List.of());
  }

  private static Verdict verdict(Candidate candidate, double probability, List<String> sentences) {
    double ratio = candidate.gap().ratio();
    if (probability > SUSPECT || ratio > DOUBTFUL_RATIO) {
      sentences.add("No direction stands apart from what clean checkpoints show.");
      return Verdict.CLEAN;
    }
    sentences.add(missing(candidate));
    if (probability > EDITED || ratio > CLEAR_RATIO) {
      sentences.add("It stands apart only a little: a weak or partial edit, or none.");
      return Verdict.SUSPECT;
    }
    return Verdict.EDITED;
  }

  private static String missing(Candidate candidate) {
    int rank = candidate.gap().rank();
    return String.format(
        Locale.ROOT,
        "%s missing from %d of %d matrices that write to the stream.",
        rank == 1 ? "One direction is" : rank + " directions are",
        candidate.lacking(),
        candidate.blockMatrices());
  }

  private static int isolatedAlone(List<LayerRow> layers) {
    return (int)
        layers.stream()
            .filter(row -> row.cosine().isPresent() && row.secondEnergy() >= SOLID_EDGE)
            .filter(row -> row.bottomEnergy() <= EMPTY_RATIO * row.secondEnergy())
            .count();
  }
}
