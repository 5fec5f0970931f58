package dev.demur.serve.answer;

import java.util.List;

/// How far the stream lies along a direction, in stream units.
///
/// @param name of the direction
/// @param byLayer entering each layer: x·r̂ at resid_pre
/// @param nullBand how far from 0 a direction drawn at random reads there in 95 of 100 draws
public record Projection(String name, List<Double> byLayer, List<Double> nullBand) {

  public Projection {
    byLayer = List.copyOf(byLayer);
    nullBand = List.copyOf(nullBand);
  }
}
