package dev.demur.lab.audit;

import dev.demur.model.tensor.Tensor;
import java.util.Optional;

/// A comparison's values and the tensors that go with them.
///
/// @param result what was found
/// @param directions what each writer changed most along, float64 `[writer, d_model]` of unit
///   length, in the order of [ParentResult#writers]; empty when none changed
/// @param common the direction these have in common, float64 `[d_model]`; empty when fewer than two
///   writers changed. Signs mean nothing
public record ParentRun(
    ParentResult result, Optional<Tensor> directions, Optional<Tensor> common) {}
