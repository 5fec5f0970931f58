package dev.demur.model.forward;

import dev.demur.model.arch.Transformer;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Positions;
import dev.demur.model.hook.Site;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Which activations a run keeps: sites × layers × positions, and whether the logits of each
/// prompt's last token. What needs other layers or positions is added as a part of its own.
///
/// ```java
/// Capture.at(Site.RESID_PRE).layers(0, 8).positions(-5, -1)
/// Capture.at(Site.V).and(Capture.at(Site.Z).last())
/// ```
///
/// @param parts what is kept; no place may be in two of them
/// @param logits what of them
/// @param lying where what is kept lies in the end
public record Capture(List<Part> parts, Logits logits, Lying lying) {

  /// The model's last block, however many it has.
  public static final int LAST = Integer.MAX_VALUE;

  /// Sites × layers × positions.
  ///
  /// @param sites kinds of places
  /// @param firstLayer first block
  /// @param lastLayer last block; [#LAST] means the model's last
  /// @param positions which tokens of each prompt
  public record Part(List<Site> sites, int firstLayer, int lastLayer, Positions positions) {

    public Part {
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

    /// The places of a model.
    ///
    /// @throws IllegalArgumentException if the model does not have one of them
    Set<HookPoint> points(Transformer transformer) {
      int last = lastLayer == LAST ? transformer.config().nLayers() - 1 : lastLayer;
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

  /// Whether a run goes on to the logits.
  public enum Logits {
    /// Those of each prompt's last token.
    OF_LAST_TOKEN,
    /// None: the run ends behind the last layer that is kept.
    NONE
  }

  /// Where kept activations lie once the run is over.
  public enum Lying {
    /// All on the host.
    ON_THE_HOST,
    /// Each on the device of its block.
    WITH_THE_BLOCKS
  }

  public Capture {
    parts = List.copyOf(parts);
  }

  /// Some sites at all layers and all positions, and the logits of each last token.
  public static Capture at(Site... sites) {
    var part = new Part(List.of(sites), 0, LAST, Positions.all());
    return new Capture(List.of(part), Logits.OF_LAST_TOKEN, Lying.ON_THE_HOST);
  }

  /// This and what another keeps, each at its own layers and positions; logits if either has them.
  /// All lies where this does.
  public Capture and(Capture other) {
    boolean without = logits == Logits.NONE && other.logits == Logits.NONE;
    return new Capture(
        Stream.concat(parts.stream(), other.parts.stream()).toList(),
        without ? Logits.NONE : Logits.OF_LAST_TOKEN,
        lying);
  }

  /// The same at layers `first` to `last`, both included.
  public Capture layers(int first, int last) {
    return each(part -> new Part(part.sites, first, last, part.positions));
  }

  /// The same at one layer.
  public Capture layer(int layer) {
    return layers(layer, layer);
  }

  /// The same at positions `from` to `to`, both included, counted from the end: −1 is the last
  /// token.
  public Capture positions(int from, int to) {
    var positions = new Positions(from, to);
    return each(part -> new Part(part.sites, part.firstLayer, part.lastLayer, positions));
  }

  /// The same at each prompt's last token.
  public Capture last() {
    return positions(-1, -1);
  }

  /// The same without logits.
  public Capture withoutLogits() {
    return new Capture(parts, Logits.NONE, lying);
  }

  /// The same, left on the devices of its blocks: for what is worked with there.
  public Capture withTheBlocks() {
    return new Capture(parts, logits, Lying.WITH_THE_BLOCKS);
  }

  private Capture each(UnaryOperator<Part> change) {
    return new Capture(parts.stream().map(change).toList(), logits, lying);
  }
}
