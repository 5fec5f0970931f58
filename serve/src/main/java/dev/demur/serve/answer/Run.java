package dev.demur.serve.answer;

import dev.demur.lab.direction.Direction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Under which plans an [Ask] runs.
///
/// @param edits what is done to the model
/// @param reads directions to read along, by name
/// @param sides which answers are written: the treated one, or both
/// @param watcher sees the treated passes
public record Run(
    Edits edits, Map<String, Direction> reads, List<Lane.Side> sides, Optional<Watcher> watcher) {

  public Run {
    reads = new LinkedHashMap<>(reads);
    sides = List.copyOf(sides);
  }

  /// The treated answers alone.
  public Run treatedOnly() {
    return new Run(edits, reads, List.of(Lane.Side.TREATED), watcher);
  }
}
