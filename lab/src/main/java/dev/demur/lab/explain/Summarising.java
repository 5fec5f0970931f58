package dev.demur.lab.explain;

import dev.demur.lab.explain.Explanation.ComponentRow;
import dev.demur.lab.explain.Explanation.ConditionRow;
import dev.demur.lab.explain.Explanation.CurvePoint;
import dev.demur.lab.explain.Explanation.HeadCondition;
import dev.demur.lab.explain.Explanation.HeadRow;
import dev.demur.lab.explain.Explanation.PromptCounts;
import dev.demur.lab.explain.Explanation.RegionRow;
import dev.demur.lab.explain.Explanation.Subject;
import dev.demur.lab.explain.Explanation.TokenRow;
import dev.demur.lab.explain.Explanation.Written;
import dev.demur.lab.explain.HeadAttention.Head;
import dev.demur.lab.explain.HeadAttention.Source;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.stats.Rate;
import dev.demur.model.text.Prompt.Region;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes means, spreads and paired changes of readings.
///
/// @param heads those looked at closely
record Summarising(Subject subject, PromptCounts counts, Readings readings, List<Component> heads) {

  /// Tokens shown of each head and condition.
  private static final int TOKENS = 6;

  Explanation explanation(
      Optional<CausalResult> causal, GeometryResult geometry, Optional<BaseResult> base) {
    return new Explanation(
        subject,
        counts,
        readings.conditions().stream().map(this::condition).toList(),
        curves(),
        components(),
        headRows(),
        causal,
        geometry,
        base,
        unexplained());
  }

  private ConditionRow condition(Condition condition) {
    return new ConditionRow(
        condition,
        Rate.of(readings.of(condition), row -> row.score() > 0),
        readings.estimate(condition, PromptReading::score),
        readings.change(condition, PromptReading::score));
  }

  private List<CurvePoint> curves() {
    var points = new ArrayList<CurvePoint>();
    int positions = readings.plain().getFirst().projections().size();
    for (var condition : readings.conditions()) {
      for (int p = -positions; p < 0; p++) {
        for (int l = 0; l <= subject.layers(); l++) {
          int position = p;
          int layer = l;
          points.add(
              new CurvePoint(
                  condition.name(),
                  position,
                  layer,
                  readings.estimate(condition, row -> row.cosine(position, layer)),
                  readings.estimate(condition, row -> row.projection(position, layer)),
                  readings.change(condition, row -> row.cosine(position, layer)),
                  readings.change(condition, row -> row.projection(position, layer))));
        }
      }
    }
    return points;
  }

  /// Components below the readout; biases only where there are any.
  private List<ComponentRow> components() {
    return readings.components(subject.readout()).stream()
        .filter(
            c ->
                c.kind() != Component.Kind.ATTENTION_BIAS
                    || readings.plain().stream().anyMatch(row -> row.share(c) != 0))
        .map(
            c ->
                new ComponentRow(
                    c,
                    readings.conditions().stream()
                        .map(condition -> written(condition, c))
                        .toList()))
        .toList();
  }

  private Written written(Condition condition, Component component) {
    return new Written(
        condition.name(),
        readings.estimate(condition, row -> row.share(component)),
        readings.change(condition, row -> row.share(component)));
  }

  private List<HeadRow> headRows() {
    var rows = new ArrayList<HeadRow>();
    for (int i = 0; i < heads.size(); i++) {
      int index = i;
      rows.add(
          new HeadRow(
              heads.get(i),
              readings.conditions().stream().map(c -> headCondition(c, index)).toList()));
    }
    return rows;
  }

  private HeadCondition headCondition(Condition condition, int index) {
    var mine = readings.attentionOf(condition).stream().map(row -> row.heads().get(index)).toList();
    var plain =
        readings.attentionOf(readings.conditions().getFirst()).stream()
            .map(row -> row.heads().get(index))
            .toList();
    var regions = new ArrayList<RegionRow>();
    for (var region : Region.values()) {
      if (mine.stream().anyMatch(head -> head.mass().containsKey(region))) {
        regions.add(
            new RegionRow(
                region,
                Estimate.of(masses(mine, region)),
                condition.isPaired()
                    ? Optional.of(Estimate.ofChange(masses(plain, region), masses(mine, region)))
                    : Optional.empty(),
                Estimate.of(amounts(mine, region))));
      }
    }
    return new HeadCondition(written(condition, heads.get(index)), regions, tokens(mine));
  }

  private static List<Double> masses(List<Head> heads, Region region) {
    return heads.stream().map(head -> head.mass().getOrDefault(region, 0.0)).toList();
  }

  private static List<Double> amounts(List<Head> heads, Region region) {
    return heads.stream().map(head -> head.written().getOrDefault(region, 0.0)).toList();
  }

  private static List<TokenRow> tokens(List<Head> heads) {
    record Place(String token, Region region) {}
    Map<Place, List<Source>> found = new LinkedHashMap<>();
    for (var head : heads) {
      for (var source : head.sources()) {
        found
            .computeIfAbsent(new Place(source.token(), source.region()), _ -> new ArrayList<>())
            .add(source);
      }
    }
    double n = heads.size();
    return found.entrySet().stream()
        .map(
            e ->
                new TokenRow(
                    e.getKey().token(),
                    e.getKey().region(),
                    e.getValue().stream().mapToDouble(Source::mass).sum() / n,
                    e.getValue().stream().mapToDouble(Source::written).sum() / n))
        .sorted(Comparator.comparingDouble(TokenRow::mass).reversed())
        .limit(TOKENS)
        .toList();
  }

  private double unexplained() {
    double largest = 0;
    double size = 0;
    for (var condition : readings.conditions()) {
      for (var row : readings.of(condition)) {
        double projection = row.projection(-1, subject.readout());
        largest = Math.max(largest, Math.abs(projection - row.sum(subject.readout())));
        size = Math.max(size, Math.abs(projection));
      }
    }
    return size == 0 ? 0 : largest / size;
  }
}
