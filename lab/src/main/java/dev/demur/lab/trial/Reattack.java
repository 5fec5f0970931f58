package dev.demur.lab.trial;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.run.Stage;
import dev.demur.lab.score.RefusalTokens;
import dev.demur.lab.trial.TrialResult.Attacked;
import dev.demur.lab.trial.TrialResult.Line;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Attacks every defence of a trial again, and the unedited model for comparison.
///
/// @param model the model as it is
/// @param harmful prompts to refuse
/// @param benign prompts to follow
/// @param most directions to ablate from a defence
/// @param store remembers finished attacks
/// @param progress receives every attack
record Reattack(
    ChatModel model,
    List<String> harmful,
    List<String> benign,
    int most,
    RunStore store,
    Progress progress) {

  /// Fewer prompts of a set leave nothing to read and score in its halves.
  private static final int LEAST_TO_ATTACK = 4;

  Reattack {
    harmful = List.copyOf(harmful);
    benign = List.copyOf(benign);
  }

  /// The lines with what attacks came to, where there is a defence and enough prompts.
  List<Line> of(List<Line> lines) throws IOException {
    return canAttack() && lines.stream().anyMatch(Reattack::isAttacked) ? attacked(lines) : lines;
  }

  /// A defence whose answers can be read at once.
  private static boolean isAttacked(Line line) {
    return line.verdict().isDefence() && line.row().isGreedy();
  }

  private boolean canAttack() {
    return most > 0 && harmful.size() >= LEAST_TO_ATTACK && benign.size() >= LEAST_TO_ATTACK;
  }

  /// The unedited model and every defence, attacked.
  private List<Line> attacked(List<Line> lines) throws IOException {
    var tokens = refusalTokens();
    var plain = attack(model, lines.getFirst().row(), tokens).next(Policy.none());
    var unedited = outcome(lines.getFirst().row(), tokens, plain);
    var attacked = new ArrayList<Line>();
    for (var line : lines) {
      boolean isUnedited = line.row().role() == TrialRow.Role.UNEDITED;
      if (!isUnedited && !isAttacked(line)) {
        attacked.add(line);
        continue;
      }
      var found = isUnedited ? unedited : outcome(line.row(), tokens, plain);
      String words = isUnedited ? words(found) : words(found, unedited);
      var told = new Attacked(found.steps(), found.kl(), found.cosines(), words);
      attacked.add(
          line.with(isUnedited ? line.verdict() : line.verdict().and(words), Optional.of(told)));
    }
    return attacked;
  }

  private Attack attack(ChatModel attacked, TrialRow row, Set<Integer> tokens) {
    return new Attack(attacked, row, harmful, benign, tokens, most);
  }

  private Attack.Outcome outcome(TrialRow row, Set<Integer> tokens, Optional<Direction> plain)
      throws IOException {
    return row.weights()
        .run(
            model,
            attacked ->
                store.get(
                    new Stage.OfValue<>(
                        "trial-attack",
                        List.of(
                            ModelIdentity.of(attacked),
                            row.identity(),
                            harmful,
                            benign,
                            tokens.stream().sorted().toList(),
                            most),
                        Attack.Outcome.class,
                        _ -> attack(attacked, row, tokens).run(plain)),
                    progress));
  }

  private Set<Integer> refusalTokens() {
    try (var _ = Scope.open()) {
      var forward = model.forward();
      var bad = harmful.stream().map(i -> model.prompt(i).tokens()).toList();
      var good = benign.stream().map(i -> model.prompt(i).tokens()).toList();
      return RefusalTokens.find(
              forward.lastLogits(bad, HookPlan.none()), forward.lastLogits(good, HookPlan.none()))
          .ids();
    }
  }

  private static String words(Attack.Outcome found) {
    String count = found.directions() == 1 ? "1 direction" : found.directions() + " directions";
    return found.hasFallen()
        ? "falls to " + count
        : "still refuses after "
            + count
            + (found.directions() == 1 ? " was" : " were")
            + " ablated";
  }

  private static String words(Attack.Outcome found, Attack.Outcome unedited) {
    boolean moved = found.hasFallen() && found.directions() <= unedited.directions();
    return words(found) + (moved ? ": it only moves the direction" : "");
  }
}
