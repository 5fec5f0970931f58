package dev.demur.lab.explain;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.explain.PaperFigures.OpeningToken;
import dev.demur.lab.explain.PaperFigures.SteeredCondition;
import dev.demur.lab.explain.PaperFigures.SteeredPoint;
import dev.demur.lab.score.RefusalScore;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Treatment;
import dev.demur.lab.steer.Variant;
import dev.demur.model.ChatModel;
import dev.demur.model.forward.Activations;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Reads the last token of prompts under every intervention: one pass each.
///
/// @param model the model
/// @param direction what is ablated, subtracted and added
/// @param refusalTokens ids that open a refusal
record SteeredStreams(ChatModel model, Direction direction, Set<Integer> refusalTokens) {

  /// Prompts whose activations are in memory together.
  private static final int CHUNK = 32;

  /// First tokens shown of each condition, as in the paper's figure 9.
  private static final int OPENINGS = 10;

  /// One pass over all prompts of a condition.
  ///
  /// @param projections `[layer][prompt]`
  /// @param norms in the same places
  /// @param scores refusal scores
  /// @param probabilities of the first token, `[prompt, d_vocab]`
  private record Seen(
      List<List<Double>> projections,
      List<List<Double>> norms,
      List<Double> scores,
      Tensor probabilities) {}

  /// All conditions of two kinds of prompts.
  List<SteeredCondition> of(Posed plain, Posed harmless) {
    var conditions = new ArrayList<SteeredCondition>();
    for (var posed : List.of(plain, harmless)) {
      var before = new ArrayList<Double>();
      for (var treatment : treatments()) {
        try (var _ = Scope.open()) {
          var seen = seen(posed.prompts(), treatment);
          conditions.add(condition(posed, treatment.variant(), seen, before));
          if (before.isEmpty()) {
            before.addAll(seen.scores());
          }
        }
      }
    }
    return conditions;
  }

  private List<Treatment> treatments() {
    return List.of(
        Treatment.unedited(),
        Treatment.ablation(Variant.ABLATION, direction),
        Treatment.addition(Variant.SUBTRACTION, direction, -1),
        Treatment.addition(Variant.ADDITION, direction, 1));
  }

  private Seen seen(List<Prompt> prompts, Treatment treatment) {
    int layers = model.config().nLayers();
    var projections = rows(layers + 1);
    var norms = rows(layers + 1);
    var scores = new ArrayList<Double>();
    var probabilities = new ArrayList<Tensor>();
    var plan = treatment.policy().plan(layers);
    for (int from = 0; from < prompts.size(); from += CHUNK) {
      var chunk = prompts.subList(from, Math.min(prompts.size(), from + CHUNK));
      try (var scope = Scope.open();
          var read = model.run(chunk, DirectionReader.streams(layers).last(), plan)) {
        for (int layer = 0; layer <= layers; layer++) {
          var stream = last(read, layer, layers);
          projections.get(layer).addAll(list(stream.dotRows(direction.unit())));
          norms.get(layer).addAll(list(stream.square().sum(1).sqrt()));
        }
        scores.addAll(RefusalScore.of(read.logits(), refusalTokens));
        probabilities.add(scope.keep(read.logits().to(DType.F64).softmax().to(DType.F32)));
      }
    }
    return new Seen(projections, norms, scores, Tensor.cat(probabilities, 0));
  }

  /// `[prompt, d_model]`.
  private static Tensor last(Activations read, int layer, int layers) {
    return read.get(DirectionReader.stream(layer, layers)).transpose(0, 1).row(0);
  }

  private static List<List<Double>> rows(int count) {
    var rows = new ArrayList<List<Double>>();
    for (int i = 0; i < count; i++) {
      rows.add(new ArrayList<>());
    }
    return rows;
  }

  private SteeredCondition condition(Posed posed, Variant variant, Seen seen, List<Double> before) {
    var points = new ArrayList<SteeredPoint>();
    for (int layer = 0; layer < seen.projections().size(); layer++) {
      var along = seen.projections().get(layer);
      var norms = seen.norms().get(layer);
      var cosines =
          IntStream.range(0, along.size()).mapToObj(i -> along.get(i) / norms.get(i)).toList();
      points.add(new SteeredPoint(layer, Estimate.of(cosines), Estimate.of(along)));
    }
    return new SteeredCondition(
        posed.condition().name(),
        variant,
        Rate.of(seen.scores(), score -> score > 0),
        Estimate.of(seen.scores()),
        before.isEmpty() ? Optional.empty() : Optional.of(Estimate.ofChange(before, seen.scores())),
        points,
        openings(seen.probabilities()));
  }

  private List<OpeningToken> openings(Tensor probabilities) {
    double[] means = probabilities.to(DType.F64).mean(0).toDoubles();
    return IntStream.range(0, means.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer id) -> -means[id]))
        .limit(OPENINGS)
        .map(
            id ->
                new OpeningToken(
                    id, text(id), Estimate.of(list(probabilities.narrow(1, id, 1).reshape(-1)))))
        .toList();
  }

  /// Some embeddings have more rows than the tokenizer has tokens.
  private String text(int id) {
    return id < model.tokenizer().size() ? model.tokenizer().text(id) : "unused";
  }

  private static List<Double> list(Tensor values) {
    return Arrays.stream(values.toDoubles()).boxed().toList();
  }
}
