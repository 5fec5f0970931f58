package dev.demur.lab.diff;

import dev.demur.model.tensor.Tensor;
import java.util.Optional;

/// A diff's values and the tensor that goes with them.
///
/// @param diff what differs
/// @param direction the common direction of the changes, float64 `[d_model]`, length 1; its sign
///   means nothing
public record CheckpointDiffRun(CheckpointDiff diff, Optional<Tensor> direction) {}
