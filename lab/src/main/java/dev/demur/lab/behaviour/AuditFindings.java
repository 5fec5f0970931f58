package dev.demur.lab.behaviour;

import dev.demur.lab.audit.AuditResult;
import dev.demur.lab.audit.ParentResult;
import dev.demur.lab.audit.Verdict;
import java.util.Optional;

/// All that an audit found of a checkpoint, and what it concludes.
///
/// @param weights what was found in the checkpoint alone
/// @param cosine |cos| of the direction given, or else the parent's, with the most isolated one
/// @param parent what was found against its parent
/// @param observed what it does, if it was run
public record AuditFindings(
    AuditResult weights,
    Optional<Double> cosine,
    Optional<ParentResult> parent,
    Optional<BehaviourRun> observed) {

  /// The conclusion: the more serious of what the checkpoint alone shows and what the comparison
  /// with the parent shows. Behaviour decides nothing, because a clean model may refuse nothing.
  public Verdict verdict() {
    var alone = weights.verdict();
    return parent.map(ParentResult::verdict).filter(v -> v.atLeast(alone)).orElse(alone);
  }

  /// How much of the parent's direction is gone, when weights and streams were both compared.
  public Optional<LostShare> lost() {
    var gap =
        observed
            .map(BehaviourRun::behaviour)
            .flatMap(Behaviour::parent)
            .flatMap(Behaviour.Beside::gap);
    return parent.flatMap(p -> gap.map(g -> LostShare.of(p, g)));
  }
}
