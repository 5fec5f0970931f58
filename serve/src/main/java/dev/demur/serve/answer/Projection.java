package dev.demur.serve.answer;

import java.util.List;

/// How far the stream lies along a direction, in stream units.
///
/// @param name of the direction
/// @param byLayer entering each layer: x·r̂ at resid_pre
public record Projection(String name, List<Double> byLayer) {

  public Projection {
    byLayer = List.copyOf(byLayer);
  }
}
