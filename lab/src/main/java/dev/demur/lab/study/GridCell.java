package dev.demur.lab.study;

import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.SensitivityGrid.Setting;

/// A refusal rate under one setting of a sensitivity grid.
///
/// @param setting the combination
/// @param set the evaluation set
/// @param variant how the model was run
/// @param judge who judged
/// @param refused refusals of answers
public record GridCell(Setting setting, String set, Variant variant, String judge, Rate refused) {}
