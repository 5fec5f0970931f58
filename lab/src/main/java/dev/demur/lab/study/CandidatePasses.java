package dev.demur.lab.study;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.run.Workers;
import dev.demur.lab.score.KlDivergence;
import dev.demur.lab.score.RefusalScore;
import dev.demur.lab.steer.SideBySide;
import dev.demur.model.forward.Forward;
import dev.demur.model.forward.StreamCache;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/// The passes that score candidates on some validation prompts, several candidates in each: a
/// validation set alone is a batch too small for the machine.
///
/// Each method returns, candidate by candidate, one score a prompt.
final class CandidatePasses {

  private final Forward forward;
  private final CandidateGrid grid;
  private final Set<Integer> refusalTokens;
  private final Validation validation;
  private final List<Part> parts;
  private long rows;

  /// Some of the prompts, which are run beside the others.
  ///
  /// @param streams of the harmless prompts
  private record Part(Validation prompts, StreamCache streams) {}

  /// Prompts candidates are scored on.
  ///
  /// @param harmful prompts that show the behaviour
  /// @param harmless prompts that do not
  /// @param unedited the unedited model's logits on `harmless`, `[prompt, d_vocab]`
  record Validation(List<TokenIds> harmful, List<TokenIds> harmless, Tensor unedited) {

    Validation {
      harmful = List.copyOf(harmful);
      harmless = List.copyOf(harmless);
    }

    /// From one share of both sets to another; shares are 0 to 1.
    Validation between(double from, double to) {
      var some = harmless.subList(at(harmless, from), at(harmless, to));
      return new Validation(
          harmful.subList(at(harmful, from), at(harmful, to)),
          some,
          unedited.narrow(0, at(harmless, from), some.size()));
    }

    /// The same in parts that are run beside each other.
    List<Validation> parts() {
      var some = Workers.parts(harmful);
      var others = Workers.parts(harmless);
      if (some.size() != others.size()) {
        return List.of(this);
      }
      var parts = new ArrayList<Validation>();
      int from = 0;
      for (int i = 0; i < some.size(); i++) {
        int prompts = others.get(i).size();
        parts.add(new Validation(some.get(i), others.get(i), unedited.narrow(0, from, prompts)));
        from += prompts;
      }
      return parts;
    }

    private static int at(List<TokenIds> prompts, double share) {
      return Math.toIntExact(Math.round(prompts.size() * share));
    }
  }

  CandidatePasses(
      Forward forward, CandidateGrid grid, Set<Integer> refusalTokens, Validation validation) {
    this.forward = forward;
    this.grid = grid;
    this.refusalTokens = refusalTokens;
    this.validation = validation;
    this.parts =
        validation.parts().stream()
            .map(some -> new Part(some, forward.streams(some.harmless)))
            .toList();
  }

  int harmlessPrompts() {
    return validation.harmless.size();
  }

  int harmfulPrompts() {
    return validation.harmful.size();
  }

  /// Candidates whose harmless prompts make a batch.
  int harmlessTogether() {
    return forward.copiesOf(validation.harmless);
  }

  /// Candidates whose harmful prompts make a batch.
  int harmfulTogether() {
    return forward.copiesOf(validation.harmful);
  }

  /// Rows run through the whole model so far, a shared prefix counted once a candidate, a pass from
  /// the middle by its share of the layers; the last block counts as whole, though its MLP is run
  /// for last tokens alone.
  long rows() {
    return rows;
  }

  /// Refusal scores of the harmless prompts with the difference of means added.
  ///
  /// @param candidates of one layer, from whose stream the pass starts
  List<List<Double>> induce(List<Candidate> candidates) {
    int layer = candidates.getFirst().layer();
    long whole = forward.rows(validation.harmless);
    rows += candidates.size() * (whole * (grid.layers() - layer) / grid.layers());
    return scored(
        part -> {
          var prompts = part.prompts.harmless;
          var added = sideBySide(candidates, prompts);
          var logits =
              forward.lastLogitsFrom(part.streams, added.copies(), layer, added.addition());
          return each(logits, prompts, this::refusal);
        });
  }

  /// How far ablation moves what the harmless prompts are answered with.
  List<List<Double>> kl(List<Candidate> candidates) {
    rows += candidates.size() * forward.rows(validation.harmless);
    return scored(
        part ->
            ablated(
                candidates,
                part.prompts.harmless,
                logits -> KlDivergence.of(part.prompts.unedited, logits)));
  }

  /// Refusal scores of the harmful prompts under ablation.
  List<List<Double>> bypass(List<Candidate> candidates) {
    rows += candidates.size() * forward.rows(validation.harmful);
    return scored(part -> ablated(candidates, part.prompts.harmful, this::refusal));
  }

  /// Each candidate's scores of every part, one part after the other.
  private List<List<Double>> scored(Function<Part, List<List<Double>>> pass) {
    var byPart = Workers.each(parts, pass);
    return IntStream.range(0, byPart.getFirst().size())
        .mapToObj(i -> byPart.stream().flatMap(part -> part.get(i).stream()).toList())
        .toList();
  }

  private List<List<Double>> ablated(
      List<Candidate> candidates, List<TokenIds> prompts, Function<Tensor, List<Double>> scores) {
    var ablated = sideBySide(candidates, prompts);
    var plan = ablated.ablation(grid.layers());
    return each(forward.lastLogits(prompts, ablated.copies(), plan), prompts, scores);
  }

  private SideBySide sideBySide(List<Candidate> candidates, List<TokenIds> prompts) {
    return SideBySide.of(candidates.stream().map(grid::direction).toList(), prompts.size());
  }

  private List<Double> refusal(Tensor logits) {
    return RefusalScore.of(logits, refusalTokens);
  }

  /// Scores of each copy's logits.
  ///
  /// @param logits `[copy · prompt, d_vocab]`
  private static List<List<Double>> each(
      Tensor logits, List<TokenIds> prompts, Function<Tensor, List<Double>> scores) {
    return IntStream.range(0, Math.toIntExact(logits.dim(0)) / prompts.size())
        .mapToObj(i -> scores.apply(logits.narrow(0, (long) i * prompts.size(), prompts.size())))
        .toList();
  }
}
