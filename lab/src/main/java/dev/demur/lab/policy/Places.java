package dev.demur.lab.policy;

import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Where in a pass a rule edits: sites × layers. What is left open is the operator's own: a scaling
/// acts at resid_pre, attn_out and mlp_out of every layer; everything else at the place its
/// ingredient was read.
///
/// @param sites in the order of a pass; empty means the operator's own
/// @param layers which blocks
public record Places(List<Site> sites, Layers layers) {

  /// All that enters a block or is added to the stream.
  static final List<Site> SCALED = List.of(Site.RESID_PRE, Site.ATTN_OUT, Site.MLP_OUT);

  /// What a block adds to the stream.
  private static final List<Site> WRITTEN = List.of(Site.ATTN_OUT, Site.MLP_OUT);

  /// Which blocks.
  public sealed interface Layers {

    /// Those the operator acts on by itself.
    record Own() implements Layers {}

    /// A run of blocks, both ends included.
    record Range(int first, int last) implements Layers {

      /// @throws IllegalArgumentException if they do not run forwards from 0 or later
      public Range {
        if (first < 0 || last < first) {
          throw new IllegalArgumentException(
              "layers must be FIRST-LAST with 0 <= FIRST <= LAST, were " + first + "-" + last);
        }
      }
    }
  }

  /// @throws IllegalArgumentException if a site is not of the stream
  public Places {
    sites = sites.stream().distinct().sorted().toList();
    for (var site : sites) {
      if (!Ingredient.isOfTheStream(site)) {
        throw new IllegalArgumentException(
            "a policy edits resid_pre, attn_out, resid_mid, mlp_out or resid_post, not "
                + site.shortName());
      }
    }
  }

  /// Where the operator acts by itself.
  public static Places own() {
    return new Places(List.of(), new Layers.Own());
  }

  /// The operator's sites of some blocks.
  public static Places layers(int first, int last) {
    return new Places(List.of(), new Layers.Range(first, last));
  }

  /// The places of directional ablation, in the order of the forward pass: what enters the first
  /// block, and what each block adds. So the stream that enters any later block is without the
  /// direction, and is not edited again. That is enough where nothing else edits the stream.
  ///
  /// @param layers of the model
  public static List<HookPoint> ofAblation(int layers) {
    return Stream.concat(
            Stream.of(new HookPoint(0, Site.RESID_PRE)), product(WRITTEN, 0, layers - 1).stream())
        .toList();
  }

  /// These places without the entrances of all blocks but the first: where one direction is ablated
  /// and nothing else is done, nothing of it enters those.
  static List<HookPoint> entering(List<HookPoint> places) {
    int first = places.getFirst().layer();
    return places.stream()
        .filter(point -> point.site() != Site.RESID_PRE || point.layer() == first)
        .toList();
  }

  /// The places of a scaling.
  List<HookPoint> ofScaling(int layers) {
    return switch (this.layers) {
      case Layers.Own() -> ofScaling(0, layers - 1);
      case Layers.Range(int first, int last) -> ofScaling(first, last);
    };
  }

  private List<HookPoint> ofScaling(int first, int last) {
    return product(sites.isEmpty() ? SCALED : sites, first, last);
  }

  /// The places of what acts where its ingredient was read.
  List<HookPoint> around(HookPoint source) {
    return switch (layers) {
      case Layers.Own() ->
          product(sites.isEmpty() ? List.of(source.site()) : sites, source.layer(), source.layer());
      case Layers.Range(int first, int last) ->
          product(sites.isEmpty() ? List.of(Site.RESID_PRE) : sites, first, last);
    };
  }

  private static List<HookPoint> product(List<Site> sites, int first, int last) {
    return IntStream.rangeClosed(first, last)
        .boxed()
        .flatMap(layer -> sites.stream().map(site -> new HookPoint(layer, site)))
        .toList();
  }
}
