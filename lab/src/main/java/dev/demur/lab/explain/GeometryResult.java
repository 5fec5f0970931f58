package dev.demur.lab.explain;

import dev.demur.lab.stats.Auroc;
import dev.demur.lab.stats.Interval;
import java.util.List;

/// How refused and harmless prompts lie in the stream.
///
/// @param places by position and layer
/// @param template whether the difference comes from the words or from the template's tokens
/// @param pca the prompts on their two main axes, at the layer and position of the direction
/// @param explained share of the variance on each of the two axes
public record GeometryResult(
    List<Place> places, TemplateCheck template, List<PcaPoint> pca, List<Double> explained) {

  public GeometryResult {
    places = List.copyOf(places);
    pca = List.copyOf(pca);
    explained = List.copyOf(explained);
  }

  /// One place.
  ///
  /// @param position from the end; the first is the last token of the user's words
  /// @param layer whose resid_pre
  /// @param norm length of the difference of means, stream units
  /// @param cosine of that difference with r̂
  /// @param auroc how well the projection on r̂ tells the two kinds apart
  /// @param interval of the area, Newcombe's
  /// @param stableRank ‖D‖²_F / ‖D‖²_2 of the refused prompts' differences from the harmless mean:
  ///   1 when all differ along one direction
  public record Place(
      int position,
      int layer,
      double norm,
      double cosine,
      Auroc auroc,
      Interval interval,
      double stableRank) {}

  /// The difference of means at the direction's position against that at the last token of the
  /// user's words, at the direction's layer. The template's tokens are the same for all prompts, so
  /// what they hold of the kinds was carried there.
  ///
  /// @param atWords (mean refused − mean harmless)·r̂ at the last token of the user's words
  /// @param atTemplate the same at the direction's position
  /// @param cosineWords cosine of the difference at the words with r̂
  /// @param cosineAdded cosine of the difference of the two differences with r̂
  public record TemplateCheck(
      double atWords, double atTemplate, double cosineWords, double cosineAdded) {}

  /// One prompt.
  ///
  /// @param condition `plain` or `harmless`
  public record PcaPoint(String condition, double first, double second) {}
}
