package dev.demur.lab.explain;

import dev.demur.lab.stats.Estimate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// Readings of every condition, the paired ones in the same order as the plain ones. Changed while
/// they come in.
final class Readings {

  private final SequencedMap<Condition, List<PromptReading>> rows = new LinkedHashMap<>();
  private final SequencedMap<Condition, List<HeadAttention>> attention = new LinkedHashMap<>();

  void add(Condition condition, List<PromptReading> readings) {
    rows.put(condition, List.copyOf(readings));
  }

  void addAttention(Condition condition, List<HeadAttention> readings) {
    attention.put(condition, List.copyOf(readings));
  }

  List<Condition> conditions() {
    return List.copyOf(rows.sequencedKeySet());
  }

  List<PromptReading> of(Condition condition) {
    return Optional.ofNullable(rows.get(condition)).orElseThrow();
  }

  List<HeadAttention> attentionOf(Condition condition) {
    return Optional.ofNullable(attention.get(condition)).orElseThrow();
  }

  List<PromptReading> plain() {
    return rows.firstEntry().getValue();
  }

  Estimate estimate(Condition condition, ToDoubleFunction<PromptReading> value) {
    return Estimate.of(values(of(condition), value));
  }

  /// The change against plain, where the condition's prompts come in pairs with it.
  Optional<Estimate> change(Condition condition, ToDoubleFunction<PromptReading> value) {
    return condition.isPaired()
        ? Optional.of(Estimate.ofChange(values(plain(), value), values(of(condition), value)))
        : Optional.empty();
  }

  private static List<Double> values(
      List<PromptReading> rows, ToDoubleFunction<PromptReading> value) {
    return rows.stream().map(value::applyAsDouble).toList();
  }

  /// Components of the blocks below a layer, in the order of the forward pass.
  List<Component> components(int readout) {
    var shape = plain().getFirst();
    var all = new ArrayList<Component>();
    all.add(Component.embedding());
    for (int layer = 0; layer < readout; layer++) {
      for (int head = 0; head < shape.heads().get(layer).size(); head++) {
        all.add(Component.head(layer, head));
      }
      all.add(Component.attentionBias(layer));
      all.add(Component.mlp(layer));
    }
    return all;
  }

  /// The heads with the largest mean under plain, largest first.
  List<Component> topHeads(int count, int readout) {
    return components(readout).stream()
        .filter(c -> c.kind() == Component.Kind.HEAD)
        .sorted(
            Comparator.comparingDouble(
                head ->
                    -values(plain(), row -> row.share(head)).stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElseThrow()))
        .limit(count)
        .toList();
  }

  /// Heads that write less under a condition than under plain, beyond chance.
  Set<Component> fallen(Condition condition) {
    int layers = plain().getFirst().heads().size();
    return components(layers).stream()
        .filter(c -> c.kind() == Component.Kind.HEAD)
        .filter(
            head ->
                change(condition, row -> row.share(head))
                    .filter(change -> change.high() < 0)
                    .isPresent())
        .collect(Collectors.toUnmodifiableSet());
  }
}
