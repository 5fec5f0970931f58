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
import dev.demur.lab.explain.PaperFigures.HeadSum;
import dev.demur.lab.explain.PaperFigures.MainAxis;
import dev.demur.lab.explain.PaperFigures.SteeredCondition;
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

  /// @param axes the main axes by layer
  /// @param steered the prompts under interventions
  Explanation explanation(
      Optional<CausalResult> causal,
      GeometryResult geometry,
      Optional<BaseResult> base,
      List<MainAxis> axes,
      List<SteeredCondition> steered) {
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
        Optional.of(new PaperFigures(sums(), axes, steered)),
        Optional.empty(),
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

  /// Attention of all chosen heads together, by part of the prompt.
  private List<HeadSum> sums() {
    var plain = readings.attentionOf(readings.conditions().getFirst());
    var sums = new ArrayList<HeadSum>();
    for (var condition : readings.conditions()) {
      var mine = readings.attentionOf(condition);
      for (var region : Region.values()) {
        if (mine.stream().anyMatch(row -> looks(row, region))) {
          sums.add(
              new HeadSum(
                  condition.name(),
                  region,
                  Estimate.of(sums(mine, region)),
                  condition.isPaired()
                      ? Optional.of(Estimate.ofChange(sums(plain, region), sums(mine, region)))
                      : Optional.empty()));
        }
      }
    }
    return sums;
  }

  private static boolean looks(HeadAttention row, Region region) {
    return row.heads().stream().anyMatch(head -> head.mass().containsKey(region));
  }

  private static List<Double> sums(List<HeadAttention> rows, Region region) {
    return rows.stream()
        .map(row -> masses(row.heads(), region).stream().mapToDouble(mass -> mass).sum())
        .toList();
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
