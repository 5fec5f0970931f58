package dev.demur.lab.explain;

import dev.demur.lab.latent.LatentResult;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.stats.Rate;
import dev.demur.model.text.Prompt.Region;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Everything an explanation found: what reports are made of.
///
/// Changes are against the plain prompts, pair by pair; conditions without pairs have none.
///
/// @param subject model and direction
/// @param prompts how many there were and how many count
/// @param conditions every condition, plain first
/// @param curves cosine and projection by condition, position and layer
/// @param components what writes along r̂ at the last token, by block
/// @param heads the heads that write most under plain, most first
/// @param causal what intervening on them does; absent when it was not asked for or there is no
///   suffix
/// @param geometry how refused and harmless prompts lie in the stream
/// @param base the direction in the base model; absent when none was named
/// @param figures interventions, openings, main axes and sums over heads; absent in explanations of
///   earlier versions
/// @param latent what the lower layers hold; absent where it was not asked
/// @param unexplained largest difference between a projection and the sum of what was written, as a
///   share of the projection's largest value: rounding of the model's type
public record Explanation(
    Subject subject,
    PromptCounts prompts,
    List<ConditionRow> conditions,
    List<CurvePoint> curves,
    List<ComponentRow> components,
    List<HeadRow> heads,
    Optional<CausalResult> causal,
    GeometryResult geometry,
    Optional<BaseResult> base,
    Optional<PaperFigures> figures,
    Optional<LatentResult> latent,
    double unexplained) {

  public Explanation {
    conditions = List.copyOf(conditions);
    curves = List.copyOf(curves);
    components = List.copyOf(components);
    heads = List.copyOf(heads);
  }

  /// What was explained.
  ///
  /// @param model its name
  /// @param weightsSha256 of its weight files
  /// @param layers number of blocks
  /// @param directionLayer layer r̂ was read from
  /// @param directionPosition position it was read at
  /// @param readout layer whose resid_pre is accounted for; `layers` is the final stream
  /// @param refusalTokens tokens that open a refusal, as text
  /// @param eoiTokens the template's tokens behind the instruction; the last is position −1
  public record Subject(
      String model,
      String weightsSha256,
      int layers,
      int directionLayer,
      int directionPosition,
      int readout,
      List<String> refusalTokens,
      List<String> eoiTokens) {}

  /// How many prompts there were.
  ///
  /// @param harmful name of the harmful set
  /// @param read harmful prompts read
  /// @param refused those with a refusal score above 0 as they are: only these count
  /// @param harmless name of the harmless set
  /// @param harmlessRead harmless prompts read
  public record PromptCounts(
      String harmful, int read, int refused, String harmless, int harmlessRead) {}

  /// One condition.
  ///
  /// @param refused how many of its prompts have a refusal score above 0
  /// @param score refusal score, nats
  public record ConditionRow(
      Condition condition, Rate refused, Estimate score, Optional<Estimate> scoreChange) {}

  /// The stream along r̂ in one place under one condition.
  ///
  /// @param position from the end; −1 is the last token
  /// @param layer whose resid_pre; the number of layers stands for the final stream
  public record CurvePoint(
      String condition,
      int position,
      int layer,
      Estimate cosine,
      Estimate projection,
      Optional<Estimate> cosineChange,
      Optional<Estimate> projectionChange) {}

  /// What one component writes along r̂ at the last token, stream units.
  public record ComponentRow(Component component, List<Written> written) {
    public ComponentRow {
      written = List.copyOf(written);
    }
  }

  /// An amount written along r̂ under one condition.
  public record Written(String condition, Estimate amount, Optional<Estimate> change) {}

  /// One of the heads that write most.
  public record HeadRow(Component head, List<HeadCondition> conditions) {
    public HeadRow {
      conditions = List.copyOf(conditions);
    }
  }

  /// A head under one condition.
  ///
  /// @param regions what it looks at from the last token, by what the tokens belong to
  /// @param tokens single tokens it looks at most, over all prompts
  public record HeadCondition(Written written, List<RegionRow> regions, List<TokenRow> tokens) {
    public HeadCondition {
      regions = List.copyOf(regions);
      tokens = List.copyOf(tokens);
    }

    /// Mean share of its attention that goes to a part of the prompt; 0 where it was not measured.
    public double mass(Region region) {
      return regions.stream()
          .filter(row -> row.region() == region)
          .mapToDouble(row -> row.mass().mean())
          .findFirst()
          .orElse(0);
    }
  }

  /// A part of the prompt as a head sees it.
  ///
  /// @param mass share of its attention
  /// @param massChange against plain
  /// @param written what it writes along r̂ for these tokens
  public record RegionRow(
      Region region, Estimate mass, Optional<Estimate> massChange, Estimate written) {}

  /// A token as a head sees it.
  ///
  /// @param token as text
  /// @param mass mean share of the head's attention over all prompts; 0 where it is not among the
  ///   most attended
  /// @param written mean of what it writes along r̂ for it
  public record TokenRow(String token, Region region, double mass, double written) {}

  /// This explanation with what the lower layers hold.
  Explanation knowing(LatentResult found) {
    return new Explanation(
        subject,
        prompts,
        conditions,
        curves,
        components,
        heads,
        causal,
        geometry,
        base,
        figures,
        Optional.of(found),
        unexplained);
  }

  /// The row of a condition.
  public ConditionRow condition(String name) {
    return conditions.stream()
        .filter(row -> row.condition().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no condition " + name));
  }

  /// Mean of what all components together write along r̂ at the last token, stream units.
  ///
  /// @param condition index in [#conditions]
  public double writtenByAll(int condition) {
    return components.stream()
        .mapToDouble(row -> row.written().get(condition).amount().mean())
        .sum();
  }

  /// The stream in one place.
  public CurvePoint point(String condition, int position, int layer) {
    return curves.stream()
        .filter(p -> p.condition().equals(condition))
        .filter(p -> p.position() == position && p.layer() == layer)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        Locale.ROOT,
                        "nothing was read at position %d, layer %d, condition %s",
                        position,
                        layer,
                        condition)));
  }
}
