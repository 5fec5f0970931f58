package dev.demur.lab.explain;

import dev.demur.lab.steer.Variant;
import dev.demur.model.text.Prompt.Region;
import java.util.List;

/// One prompt under the microscope.
///
/// @param model its name
/// @param layers number of blocks
/// @param directionLayer layer r̂ was read from
/// @param refusalTokens tokens that open a refusal, as the vocabulary spells them
/// @param score refusal score of the prompt, nats
/// @param tokens every token of the prompt with the stream along r̂ at it
/// @param growth refusal score as the prompt grows, token by token; by more in a long one
/// @param lens what the model would say if it stopped at each layer
/// @param components what embedding, MLPs and attention biases write along r̂ at the last token
/// @param heads the heads that write most, positive or negative, most first
/// @param variants what interventions change
public record Anatomy(
    String model,
    int layers,
    int directionLayer,
    List<String> refusalTokens,
    double score,
    List<TokenReading> tokens,
    List<GrowthPoint> growth,
    List<LensRow> lens,
    List<ComponentShare> components,
    List<HeadAttention.Head> heads,
    List<VariantOutcome> variants) {

  public Anatomy {
    refusalTokens = List.copyOf(refusalTokens);
    tokens = List.copyOf(tokens);
    growth = List.copyOf(growth);
    lens = List.copyOf(lens);
    components = List.copyOf(components);
    heads = List.copyOf(heads);
    variants = List.copyOf(variants);
  }

  /// One token.
  ///
  /// @param text its characters in the prompt
  /// @param region what it belongs to
  /// @param projections resid_pre · r̂ by layer; the last is the final stream
  /// @param cosines the same as cosines
  public record TokenReading(
      int id, String text, Region region, List<Double> projections, List<Double> cosines) {
    public TokenReading {
      projections = List.copyOf(projections);
      cosines = List.copyOf(cosines);
    }
  }

  /// The prompt cut behind one of its tokens, with the template's end put on.
  ///
  /// @param token index of the last token kept; the one before the instruction for none of it
  /// @param text its characters
  /// @param score refusal score, nats
  public record GrowthPoint(int token, String text, double score) {}

  /// The last token's stream at one layer, normalised and unembedded.
  ///
  /// @param layer whose resid_pre; the number of layers stands for the final stream
  /// @param score refusal score of that distribution
  /// @param likeliest tokens, likeliest first
  public record LensRow(int layer, double score, List<TokenChance> likeliest) {
    public LensRow {
      likeliest = List.copyOf(likeliest);
    }
  }

  /// A token and its probability.
  public record TokenChance(String token, double probability) {}

  /// What a component writes along r̂, stream units.
  public record ComponentShare(Component component, double written) {}

  /// What an intervention makes of the prompt.
  ///
  /// @param variant how the model was run
  /// @param score refusal score, nats
  /// @param text the first tokens of the answer
  public record VariantOutcome(
      Variant variant, double score, List<TokenChance> likeliest, String text) {
    public VariantOutcome {
      likeliest = List.copyOf(likeliest);
    }
  }

  /// Largest |projection| at a layer from the instruction on: what is before it often holds a token
  /// of enormous length that reads nothing.
  public double reach(int layer) {
    return tokens.stream()
        .filter(t -> t.region() != Region.TEMPLATE && t.region() != Region.SYSTEM)
        .mapToDouble(t -> Math.abs(t.projections().get(layer)))
        .max()
        .orElse(0);
  }
}
