/// Interventions: plain values that say what to do to the residual stream.
///
/// Input: a [Direction][dev.demur.lab.direction.Direction]. Output: an [Intervention], which
/// becomes a [HookPlan][dev.demur.model.hook.HookPlan] for a run or a [WeightEdit] for a
/// checkpoint.
///
/// Start with [Intervention]. [Variant] names it in files and reports, and [SideBySide] applies
/// several directions in one pass.
@NullMarked
package dev.demur.lab.steer;

import org.jspecify.annotations.NullMarked;
