package dev.demur.lab.map.geometry;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.stats.Auroc;
import java.util.Optional;

/// How far a pair's sides lie apart at one place.
///
/// @param pair its name
/// @param place where
/// @param norm of the difference of means of the training prompts, stream units
/// @param dPrime of the training prompts, each half along the direction of the other; empty where
///   they are too few or do not scatter
/// @param auroc of the test prompts along the direction of the training prompts
public record Apart(
    String pair, Candidate place, double norm, Optional<Double> dPrime, Auroc auroc) {}
