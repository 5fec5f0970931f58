package dev.demur.lab.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What one pass over one prompt showed of the direction.
///
/// @param condition how the prompt was put
/// @param prompt which prompt of its set
/// @param score refusal score, nats
/// @param projections resid_pre · r̂, `[pos][layer]`; the last position is −1, the last layer the
///   final stream
/// @param norms length of resid_pre in the same places
/// @param embedding what the embedding writes along r̂ at the last token
/// @param heads what each head writes there, `[layer][head]`
/// @param biases what attention writes without any head, `[layer]`
/// @param mlps what each MLP writes, `[layer]`
public record PromptReading(
    String condition,
    int prompt,
    double score,
    List<List<Double>> projections,
    List<List<Double>> norms,
    double embedding,
    List<List<Double>> heads,
    List<Double> biases,
    List<Double> mlps) {

  public PromptReading {
    projections = projections.stream().map(List::copyOf).toList();
    norms = norms.stream().map(List::copyOf).toList();
    heads = heads.stream().map(List::copyOf).toList();
    biases = List.copyOf(biases);
    mlps = List.copyOf(mlps);
  }

  /// Cosine of resid_pre and r̂.
  ///
  /// @param position from the end, −1 is the last
  /// @param layer the model's number of layers stands for the final stream
  public double cosine(int position, int layer) {
    return projection(position, layer) / norms.get(norms.size() + position).get(layer);
  }

  /// resid_pre · r̂.
  public double projection(int position, int layer) {
    return projections.get(projections.size() + position).get(layer);
  }

  /// What a component writes along r̂ at the last token.
  public double share(Component component) {
    return switch (component.kind()) {
      case EMBEDDING -> embedding;
      case HEAD -> heads.get(component.layer()).get(component.head());
      case ATTENTION_BIAS -> biases.get(component.layer());
      case MLP -> mlps.get(component.layer());
    };
  }

  /// The heads that write most along r̂ at the last token, either way, most first.
  List<Component> strongestHeads(int most) {
    var all = new ArrayList<Component>();
    for (int layer = 0; layer < heads.size(); layer++) {
      for (int head = 0; head < heads.get(layer).size(); head++) {
        all.add(Component.head(layer, head));
      }
    }
    all.sort(Comparator.comparingDouble(head -> -Math.abs(share(head))));
    return List.copyOf(all.subList(0, Math.min(most, all.size())));
  }

  /// What everything below a layer writes, added up: [#projection] at the last token except for
  /// rounding.
  public double sum(int layer) {
    double sum = embedding;
    for (int l = 0; l < layer; l++) {
      sum += heads.get(l).stream().mapToDouble(Double::doubleValue).sum();
      sum += biases.get(l) + mlps.get(l);
    }
    return sum;
  }
}
