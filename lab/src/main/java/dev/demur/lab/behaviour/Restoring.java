package dev.demur.lab.behaviour;

import dev.demur.lab.behaviour.BehaviourAudit.Observed;
import dev.demur.lab.behaviour.Remedy.Reach;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.prompts.Sample;
import dev.demur.lab.stats.PairedCounts;
import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Intervention;
import dev.demur.model.ChatModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Tries remedies on a checkpoint whose refusals an edit took out.
///
/// Where r̂ is gone from all that writes to the stream, x·r̂ is the same for every prompt, so that
/// steering along it cannot tell prompts apart by itself: a clamp is an addition there. A gate can:
/// the checkpoint's own difference of means, orthogonal to r̂ after the edit, says which prompts
/// look like target prompts, from the prompt alone, before anything is written.
final class Restoring {

  private final BehaviourAudit audit;
  private final ChatModel model;
  private final Observed checkpoint;
  private final Observed parent;
  private final Direction direction;
  private final double targetMean;

  /// @param direction the parent's
  Restoring(
      BehaviourAudit audit,
      ChatModel model,
      Observed checkpoint,
      Observed parent,
      Direction direction) {
    this.audit = audit;
    this.model = model;
    this.checkpoint = checkpoint;
    this.parent = parent;
    this.direction = direction;
    this.targetMean = mean(parent.streams().targetAlong(direction, direction.source().layer()));
  }

  /// One kind of prompts under one remedy.
  private record Treated(List<Boolean> steered, Answers answers) {}

  /// Both kinds of prompts under one remedy.
  private record Tried(String remedy, Treated target, Treated baseline) {}

  /// The checkpoint as it is, then under each remedy.
  List<Restored> all(List<Remedy> remedies) {
    var tried = new ArrayList<Tried>();
    tried.add(new Tried("none", untreated(checkpoint.target()), untreated(checkpoint.baseline())));
    var targetOpen = open(audit.prompts().askedTarget());
    var baselineOpen = open(audit.prompts().askedBaseline());
    for (var remedy : remedies) {
      boolean gated = remedy.reach() == Reach.GATED;
      if (gated && targetOpen.isEmpty()) {
        continue; // the two kinds of prompts look the same to this model: there is no gate
      }
      tried.add(
          new Tried(
              remedy.text(),
              treated(
                  audit.prompts().askedTarget(),
                  checkpoint.target(),
                  gated ? targetOpen.get() : everyone(audit.prompts().askedTarget()),
                  remedy),
              treated(
                  audit.prompts().askedBaseline(),
                  checkpoint.baseline(),
                  gated ? baselineOpen.orElseThrow() : everyone(audit.prompts().askedBaseline()),
                  remedy)));
    }
    return tested(tried);
  }

  private static Treated untreated(Answers answers) {
    return new Treated(Collections.nCopies(answers.refused().size(), false), answers);
  }

  private static List<Boolean> everyone(Sample sample) {
    return Collections.nCopies(sample.size(), true);
  }

  /// For which prompts the gate opens: those nearer to the target mean than to the baseline mean
  /// along the checkpoint's own direction.
  private Optional<List<Boolean>> open(Sample sample) {
    return checkpoint
        .direction()
        .map(
            own -> {
              int layer = own.source().layer();
              double middle =
                  (mean(checkpoint.streams().targetAlong(own, layer))
                          + mean(checkpoint.streams().baselineAlong(own, layer)))
                      / 2;
              return Streams.along(model, sample, own).stream().map(x -> x > middle).toList();
            });
  }

  /// Answers under a remedy; prompts that are not steered are answered as they were.
  private Treated treated(Sample sample, Answers asItIs, List<Boolean> steered, Remedy remedy) {
    Intervention intervention = remedy.intervention(direction, targetMean);
    var places = IntStream.range(0, sample.size()).filter(steered::get).boxed().toList();
    var refused = new ArrayList<>(asItIs.refused());
    var broken = new ArrayList<>(asItIs.broken());
    if (!places.isEmpty()) {
      var answers =
          audit.ask(
              model,
              sample.keep(places),
              intervention.plan(model.config().nLayers()),
              sample.pool().name() + ", " + remedy.text());
      for (int i = 0; i < places.size(); i++) {
        refused.set(places.get(i), answers.refused().get(i));
        broken.set(places.get(i), answers.broken().get(i));
      }
    }
    return new Treated(steered, new Answers(refused, broken));
  }

  private List<Restored> tested(List<Tried> tried) {
    var pairs = new ArrayList<PairedCounts>();
    for (var one : tried) {
      pairs.add(PairedCounts.of(parent.target().refused(), one.target.answers.refused()));
      pairs.add(PairedCounts.of(parent.baseline().refused(), one.baseline.answers.refused()));
    }
    var tests = PairedTest.family(pairs).iterator();
    return tried.stream()
        .map(
            one ->
                new Restored(
                    one.remedy,
                    rate(one.target.steered),
                    rate(one.baseline.steered),
                    one.target.answers.refusals(),
                    one.baseline.answers.refusals(),
                    one.target.answers.faults(),
                    one.baseline.answers.faults(),
                    tests.next(),
                    tests.next()))
        .toList();
  }

  private static Rate rate(List<Boolean> labels) {
    return Rate.of(labels, yes -> yes);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
