package dev.demur.model.forward;

import dev.demur.model.arch.Transformer;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Positions;
import dev.demur.model.hook.Site;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Which activations a run keeps: sites × layers × positions, and whether the logits of each
/// prompt's last token.
///
/// ```java
/// Capture.at(Site.RESID_PRE).layers(0, 8).positions(-5, -1)
/// ```
///
/// @param sites kinds of places
/// @param firstLayer first block
/// @param lastLayer last block; [#LAST] means the model's last
/// @param positions which tokens of each prompt
/// @param logits what of them
public record Capture(
    List<Site> sites, int firstLayer, int lastLayer, Positions positions, Logits logits) {

  /// The model's last block, however many it has.
  public static final int LAST = Integer.MAX_VALUE;

  /// Whether a run goes on to the logits.
  public enum Logits {
    /// Those of each prompt's last token.
    OF_LAST_TOKEN,
    /// None: the run ends behind the last layer that is kept.
    NONE
  }

  public Capture {
    sites = List.copyOf(sites);
    if (sites.isEmpty()) {
      throw new IllegalArgumentException("name at least one site to keep");
    }
    if (firstLayer < 0 || lastLayer < firstLayer) {
      throw new IllegalArgumentException(
          "layers must be FIRST to LAST with 0 <= FIRST <= LAST, were "
              + firstLayer
              + " to "
              + lastLayer);
    }
  }

  /// Some sites at all layers and all positions, and the logits of each last token.
  public static Capture at(Site... sites) {
    return new Capture(List.of(sites), 0, LAST, Positions.all(), Logits.OF_LAST_TOKEN);
  }

  /// The same at layers `first` to `last`, both included.
  public Capture layers(int first, int last) {
    return new Capture(sites, first, last, positions, logits);
  }

  /// The same at one layer.
  public Capture layer(int layer) {
    return layers(layer, layer);
  }

  /// The same at positions `from` to `to`, both included, counted from the end: −1 is the last
  /// token.
  public Capture positions(int from, int to) {
    return new Capture(sites, firstLayer, lastLayer, new Positions(from, to), logits);
  }

  /// The same at each prompt's last token.
  public Capture last() {
    return positions(-1, -1);
  }

  /// The same without logits.
  public Capture withoutLogits() {
    return new Capture(sites, firstLayer, lastLayer, positions, Logits.NONE);
  }

  /// The places of a model.
  ///
  /// @throws IllegalArgumentException if the model does not have one of them
  Set<HookPoint> points(Transformer transformer) {
    int layers = transformer.config().nLayers();
    int last = lastLayer == LAST ? layers - 1 : lastLayer;
    var points = new LinkedHashSet<HookPoint>();
    for (var site : sites) {
      if (site == Site.LN_FINAL) {
        points.add(HookPoint.lnFinal());
      } else {
        IntStream.rangeClosed(firstLayer, last).forEach(l -> points.add(new HookPoint(l, site)));
      }
    }
    points.forEach(transformer::require);
    return points;
  }
}
