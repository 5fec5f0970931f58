package dev.demur.serve.meter;

import java.util.LinkedHashMap;
import java.util.Map;

/// Something the operator is told, one line each.
///
/// @param event what happened: `listening`, `fault`, `alarm`, `closing`
/// @param facts about it; no prompt and no answer unless they are asked for
public record Event(String event, Map<String, Object> facts) {

  public Event {
    facts = new LinkedHashMap<>(facts);
  }

  /// Hears of events.
  @FunctionalInterface
  public interface Log {

    /// From any thread.
    void tell(Event event);
  }
}
