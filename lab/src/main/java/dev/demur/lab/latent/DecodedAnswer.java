package dev.demur.lab.latent;

import dev.demur.lab.judge.OutputFault;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// One early answer, as kept.
///
/// @param index place of its prompt
/// @param refused by judge, of those that are calibrated for it
/// @param fault what is wrong with it before anyone judges it
/// @param tokens its length
/// @param nats −ln p of them under the whole model, summed
/// @param text the answer, when it is kept
record DecodedAnswer(
    int index,
    Map<String, Boolean> refused,
    OutputFault fault,
    int tokens,
    double nats,
    Optional<String> text) {

  DecodedAnswer {
    refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
  }
}
