package dev.demur.lab.study;

import dev.demur.lab.stats.Estimate;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Variant;

/// What a part of an intervention, or more than all of it, does to the refusal score.
///
/// @param variant the intervention: ablation and subtraction on harmful validation prompts,
///   addition on harmless ones
/// @param dose of ablation λ, the share of the component that is taken from everything written to
///   the stream, as `demur edit` writes it into weights; of the others the coefficient; 0 is the
///   unedited model
/// @param score refusal score, nats
/// @param refusing prompts with a score above 0
public record DosePoint(Variant variant, double dose, Estimate score, Rate refusing) {}
