package dev.demur.lab.behaviour;

import dev.demur.lab.LabRemedy;
import dev.demur.lab.Seeds;
import dev.demur.lab.behaviour.Behaviour.AblationStep;
import dev.demur.lab.behaviour.Behaviour.Beside;
import dev.demur.lab.behaviour.Behaviour.Drawn;
import dev.demur.lab.behaviour.Behaviour.ModelBehaviour;
import dev.demur.lab.behaviour.Behaviour.Rederived;
import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.prompts.Sample;
import dev.demur.lab.run.Progress;
import dev.demur.lab.stats.Auroc;
import dev.demur.lab.stats.PairedCounts;
import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.remedy.RequestException;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The behaviour part of an audit: one model is observed after the other, so that no two are in
/// memory; then what was observed is compared.
///
/// How many directions a model refuses along is counted by successive re-derivation: the difference
/// of means is read at one place, ablated, read again under that ablation, and so on. It is what
/// someone who wants refusal gone would do next; singular directions of single prompts' differences
/// would also hold what the prompts are about.
///
/// @param prompts what is read and asked
/// @param config how
/// @param progress learns how far it is
public record BehaviourAudit(BehaviourPrompts prompts, BehaviourConfig config, Progress progress) {

  /// More directions than this are not ablated.
  static final int MOST_DIRECTIONS = 8;

  /// Opens a model, which is closed before another is opened.
  @FunctionalInterface
  public interface Opener {
    ChatModel open() throws IOException;
  }

  /// One model as observed.
  ///
  /// @param behaviour what it does
  /// @param direction the difference of means at the place looked at, when there is one
  /// @param streams what entered its blocks
  /// @param harmful its answers to the asked harmful prompts
  /// @param harmless its answers to the asked harmless prompts
  record Observed(
      ModelBehaviour behaviour,
      Optional<Direction> direction,
      Streams streams,
      Answers harmful,
      Answers harmless) {}

  /// Audits a checkpoint by itself.
  ///
  /// @param known a direction of its parent, if one is known
  public Behaviour of(Opener checkpoint, Optional<Direction> known) throws IOException {
    try (var _ = Scope.open();
        var model = checkpoint.open()) {
      return alone(observe(model, known));
    }
  }

  /// Audits a checkpoint beside its parent. The direction of the result belongs to the caller's
  /// innermost scope.
  ///
  /// @param known the parent's direction, if it is known; else it is re-derived
  /// @param remedies what to try on the checkpoint, with the parent's direction
  public BehaviourRun of(
      Opener checkpoint, Opener parent, Optional<Direction> known, List<Remedy> remedies)
      throws IOException {
    try (var scope = Scope.open()) {
      Observed before;
      try (var model = parent.open()) {
        before = observe(model, known);
      }
      var direction = known.or(before::direction);
      try (var model = checkpoint.open()) {
        var after = observe(model, direction);
        var restored =
            remedies.isEmpty()
                ? List.<Restored>of()
                : new Restoring(this, model, after, before, direction(direction)).all(remedies);
        direction.ifPresent(d -> scope.keep(d.unit()));
        return new BehaviourRun(beside(after, before, direction), direction, restored);
      }
    }
  }

  private static Direction direction(Optional<Direction> direction) {
    return direction.orElseThrow(
        () ->
            new RequestException(
                "the parent refuses too little to find a direction, so there is nothing to put"
                    + " back; give one",
                List.of(LabRemedy.GIVE_DIRECTION)));
  }

  /// Observes a model. Tensors belong to the caller's innermost scope and outlive the model.
  ///
  /// @param known a direction of this model or of its parent: the place it was read at is looked
  ///   at; without one a place is chosen, if the model refuses at all
  /// @throws IllegalArgumentException if the direction is of another shape than the model
  Observed observe(ChatModel model, Optional<Direction> known) {
    try (var scope = Scope.open()) {
      var harmful = ask(model, prompts.askedHarmful(), HookPlan.none(), "harmful prompts");
      var harmless = ask(model, prompts.askedHarmless(), HookPlan.none(), "harmless prompts");
      var streams = Streams.of(model, prompts, HookPlan.none());
      var place = place(model, streams, harmful.refusals(), known);
      var direction = place.flatMap(p -> direction(streams, p));
      scope.keep(streams.harmful());
      scope.keep(streams.harmless());
      scope.keep(streams.harmfulLogits());
      scope.keep(streams.harmlessLogits());
      direction.ifPresent(d -> scope.keep(d.unit()));
      var behaviour =
          new ModelBehaviour(
              model.name(),
              harmful.refusals(),
              harmless.refusals(),
              Rate.of(both(harmful.broken(), harmless.broken()), b -> b),
              direction.map(d -> rederived(model, streams, d, known)),
              ablations(model, harmful, direction));
      return new Observed(behaviour, direction, streams, harmful, harmless);
    }
  }

  /// What was observed of a checkpoint alone.
  Behaviour alone(Observed checkpoint) {
    return new Behaviour(drawn(), Answers.JUDGE.name(), checkpoint.behaviour, Optional.empty());
  }

  /// What was observed of a checkpoint beside its parent.
  ///
  /// @param direction the parent's, known or re-derived; without one there is no gap to speak of
  Behaviour beside(Observed checkpoint, Observed parent, Optional<Direction> direction) {
    var tests =
        PairedTest.family(
            List.of(
                PairedCounts.of(parent.harmful.refused(), checkpoint.harmful.refused()),
                PairedCounts.of(parent.harmless.refused(), checkpoint.harmless.refused())));
    var gap =
        direction.flatMap(
            d -> RetainedGap.of(checkpoint.streams, parent.streams, d, new Seeds(config.seed())));
    return new Behaviour(
        drawn(),
        Answers.JUDGE.name(),
        checkpoint.behaviour,
        Optional.of(new Beside(parent.behaviour, tests.getFirst(), tests.getLast(), gap)));
  }

  Answers ask(ChatModel model, Sample sample, HookPlan plan, String name) {
    return Answers.of(model, sample, plan, config, model.name() + ", " + name, progress);
  }

  private Optional<Candidate> place(
      ChatModel model, Streams streams, Rate refused, Optional<Direction> known) {
    if (known.isPresent()) {
      return Optional.of(place(model, streams, known.get()));
    }
    return refused.share() < ModelBehaviour.FEW
        ? Optional.empty()
        : new PlaceChoice(model, prompts, streams).best(progress);
  }

  private static Candidate place(ChatModel model, Streams streams, Direction known) {
    boolean fits =
        known.dModel() == model.config().dModel()
            && known.source().layer() < model.config().nLayers()
            && -known.position() <= streams.positions();
    if (!fits) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the direction (d_model %d, %s, position %d) does not fit %s (d_model %d, %d layers,"
                  + " %d template tokens)",
              known.dModel(),
              known.source(),
              known.position(),
              model.name(),
              model.config().dModel(),
              model.config().nLayers(),
              streams.positions()));
    }
    return new Candidate(known.position(), known.source().layer());
  }

  private static Optional<Direction> direction(Streams streams, Candidate place) {
    var grid = streams.grid();
    return grid.isNoise(place) ? Optional.empty() : Optional.of(grid.direction(place));
  }

  private Rederived rederived(
      ChatModel model, Streams streams, Direction direction, Optional<Direction> known) {
    var place = new Candidate(direction.position(), direction.source().layer());
    return new Rederived(
        place,
        direction.norm(),
        streams.stableRank(place),
        Auroc.of(
            Streams.along(model, prompts.askedHarmful(), direction),
            Streams.along(model, prompts.askedHarmless(), direction)),
        known.map(k -> k.unit().dotRows(direction.unit()).item()));
  }

  /// Ablates what is read, reads again, and so on until few harmful prompts are refused.
  private List<AblationStep> ablations(
      ChatModel model, Answers unedited, Optional<Direction> direction) {
    var steps = new ArrayList<AblationStep>();
    steps.add(new AblationStep(0, unedited.refusals(), unedited.faults()));
    var plan = HookPlan.none();
    var next = direction;
    while (next.isPresent()
        && steps.getLast().refused().share() >= ModelBehaviour.FEW
        && steps.size() <= MOST_DIRECTIONS) {
      var ablated = next.get();
      plan = plan.then(Policy.ablation(ablated).plan(model.config().nLayers()));
      String name =
          String.format(Locale.ROOT, "harmful prompts, %d directions ablated", steps.size());
      var answers = ask(model, prompts.askedHarmful(), plan, name);
      steps.add(new AblationStep(steps.size(), answers.refusals(), answers.faults()));
      var place = new Candidate(ablated.position(), ablated.source().layer());
      next = direction(Streams.of(model, prompts, plan), place);
    }
    return steps;
  }

  private static List<Boolean> both(List<Boolean> some, List<Boolean> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  private List<Drawn> drawn() {
    return List.of(
        drawn("read harmful", prompts.readHarmful()),
        drawn("read harmless", prompts.readHarmless()),
        drawn("asked harmful", prompts.askedHarmful()),
        drawn("asked harmless", prompts.askedHarmless()));
  }

  private static Drawn drawn(String use, Sample sample) {
    return new Drawn(use, sample.pool().name(), sample.pool().sha256(), sample.indices());
  }
}
