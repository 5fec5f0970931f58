package dev.demur.lab.map.style;

import java.util.List;
import java.util.Optional;

/// How the refusals speak that one direction brings about.
///
/// @param direction the direction
/// @param refusals how many refusals were looked at
/// @param shares of each style in them, in the order of [Style]; all 0 where there is none
/// @param ownHalves Jensen-Shannon divergence in bits between the refusals of the direction's two
///   halves: what the same direction gives by chance; empty where a half brings too few
/// @param toOthers the same between this direction's refusals and each other's, by its name
public record StyleRow(
    String direction,
    int refusals,
    List<Double> shares,
    Optional<Double> ownHalves,
    List<Other> toOthers) {

  public StyleRow {
    shares = List.copyOf(shares);
    toOthers = List.copyOf(toOthers);
  }

  /// Another direction.
  ///
  /// @param direction its name
  /// @param divergence in bits, 0 to 1
  public record Other(String direction, double divergence) {}
}
