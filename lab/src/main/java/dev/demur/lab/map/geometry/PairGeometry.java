package dev.demur.lab.map.geometry;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.DirectionUncertainty.Nulls;
import dev.demur.lab.direction.DirectionUncertainty.Stability;
import java.util.Optional;

/// One pair's direction.
///
/// @param name of the pair
/// @param language of its target prompts
/// @param place where it is read
/// @param target prompts of the target side it is made of
/// @param contrast prompts of the contrast side, the same
/// @param asked target prompts that are asked
/// @param stability how much it depends on which prompts were drawn: the ceiling for cosines
/// @param nulls what directions that mean nothing look like
/// @param otherContrast cosine with the direction of the same target against the other pairs'
///   target prompts; empty where there is no other pair
public record PairGeometry(
    String name,
    String language,
    Candidate place,
    int target,
    int contrast,
    int asked,
    Stability stability,
    Nulls nulls,
    Optional<Double> otherContrast) {}
