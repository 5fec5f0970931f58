package dev.demur.lab.explain;

import dev.demur.lab.stats.Auroc;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Variant;
import dev.demur.model.text.Prompt.Region;
import java.util.List;
import java.util.Optional;

/// What the paper draws besides suffixes: interventions on both kinds of prompts, how answers open,
/// the main axis of the prompts by layer, and attention summed over the heads.
///
/// Source: Arditi et al. 2024, figures 6b, 9 and 22; the main axis is in the post that went before
/// the paper, "Visualizing the subspace".
///
/// @param sums attention of all chosen heads together
/// @param axes the main axis of refused and harmless prompts by layer
/// @param steered both kinds of prompts under every intervention, the unedited model first
public record PaperFigures(
    List<HeadSum> sums, List<MainAxis> axes, List<SteeredCondition> steered) {

  public PaperFigures {
    sums = List.copyOf(sums);
    axes = List.copyOf(axes);
    steered = List.copyOf(steered);
  }

  /// Attention from the last token to a part of the prompt, summed over the chosen heads.
  ///
  /// @param mass 0 to the number of heads
  /// @param change against plain, prompt by prompt; empty where there are no pairs
  public record HeadSum(
      String condition, Region region, Estimate mass, Optional<Estimate> change) {}

  /// The first principal component of refused and harmless prompts together, at the direction's
  /// position.
  ///
  /// @param layer whose resid_pre
  /// @param share of the variance
  /// @param cosine with the direction, without its sign, which a component has not
  /// @param cosineOfDifference with this layer's own difference of means, without its sign
  /// @param auroc how well it tells the two kinds apart, refused above harmless
  /// @param interval of that area, Newcombe's
  public record MainAxis(
      int layer,
      double share,
      double cosine,
      double cosineOfDifference,
      Auroc auroc,
      Interval interval) {}

  /// One kind of prompts under one intervention.
  ///
  /// @param prompts `plain` (refused as they are) or `harmless`
  /// @param refused prompts with a refusal score above 0
  /// @param score refusal score, nats
  /// @param scoreChange against the unedited model, prompt by prompt; empty for that model
  /// @param points the last token's stream by layer
  /// @param openings the likeliest first tokens, most likely first
  public record SteeredCondition(
      String prompts,
      Variant variant,
      Rate refused,
      Estimate score,
      Optional<Estimate> scoreChange,
      List<SteeredPoint> points,
      List<OpeningToken> openings) {

    public SteeredCondition {
      points = List.copyOf(points);
      openings = List.copyOf(openings);
    }
  }

  /// The stream of the last token at one layer.
  ///
  /// @param layer whose resid_pre; the number of layers stands for the final stream
  public record SteeredPoint(int layer, Estimate cosine, Estimate projection) {}

  /// A token an answer may open with.
  ///
  /// @param text as the tokenizer writes it
  /// @param probability mean over prompts
  public record OpeningToken(int id, String text, Estimate probability) {}
}
