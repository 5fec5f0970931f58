package dev.demur.lab.monitor;

import dev.demur.lab.explain.Component;
import java.util.List;

/// What the heads that carry refusal do on refused prompts, to notice when they do not.
///
/// @param direction r̂, d_model numbers
/// @param heads those that write most along it on refused prompts
/// @param leastWritten what they write together on all but a few refused prompts, stream units
/// @param leastAttention mean attention from the last token to the user's words on all but a few
///   refused prompts
public record HeadSignal(
    List<Float> direction, List<Component> heads, double leastWritten, double leastAttention) {

  public HeadSignal {
    direction = List.copyOf(direction);
    heads = List.copyOf(heads);
  }
}
