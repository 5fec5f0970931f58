package dev.demur.lab.prompts;

/// The prompts one study works on.
///
/// @param harmfulTrain for the mean that is subtracted from
/// @param harmlessTrain for the mean that is subtracted
/// @param harmfulVal scored under ablation
/// @param harmlessVal scored under addition
public record StudySample(
    Sample harmfulTrain, Sample harmlessTrain, Sample harmfulVal, Sample harmlessVal) {}
