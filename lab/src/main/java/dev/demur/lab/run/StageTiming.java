package dev.demur.lab.run;

/// Time one stage took, summed over interruptions.
public record StageTiming(String stage, double seconds, long tokens) {}
