package dev.demur.lab.explain;

import dev.demur.model.text.Prompt.Region;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What some heads of one prompt look at from its last token.
///
/// @param condition how the prompt was put
/// @param prompt which prompt of its set
/// @param heads in the order they were asked for
public record HeadAttention(String condition, int prompt, List<Head> heads) {

  public HeadAttention {
    heads = List.copyOf(heads);
  }

  /// One head.
  ///
  /// @param mass share of its attention by what the tokens belong to; less than 1 altogether where
  ///   a model has sinks
  /// @param written what it writes along r̂ by what the tokens it reads belong to, stream units
  /// @param sources tokens with the most attention, most first
  public record Head(
      int layer,
      int head,
      Map<Region, Double> mass,
      Map<Region, Double> written,
      List<Source> sources) {

    public Head {
      mass = Collections.unmodifiableMap(new TreeMap<>(mass)); // in the order of the regions
      written = Collections.unmodifiableMap(new TreeMap<>(written));
      sources = List.copyOf(sources);
    }
  }

  /// One token a head reads.
  ///
  /// @param position from the start of the prompt
  /// @param token as text
  /// @param region what it belongs to
  /// @param mass share of the head's attention
  /// @param written what the head writes along r̂ for it, stream units
  public record Source(int position, String token, Region region, double mass, double written) {}
}
