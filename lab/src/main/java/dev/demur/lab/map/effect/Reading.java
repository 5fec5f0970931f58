package dev.demur.lab.map.effect;

import java.util.Optional;

/// One prompt asked.
///
/// @param index of the prompt among those asked
/// @param score a number that is higher the more the outcome counts, nats; empty where the outcome
///   is read from text
/// @param counts whether it counts; empty where nobody may say: an uncalibrated judge, thinking
///   that did not end
/// @param broken whether the answer is empty, loops, or holds nothing to compare
public record Reading(
    int index, Optional<Double> score, Optional<Boolean> counts, boolean broken) {}
