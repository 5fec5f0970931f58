package dev.demur.lab.map.effect;

import dev.demur.lab.stats.RankCorrelation;

/// Whether what the stream shows goes with what edits do.
///
/// @param what in words, for example `cosine with refusal, and what ablating changes`
/// @param correlation over directions
public record Association(String what, RankCorrelation correlation) {}
