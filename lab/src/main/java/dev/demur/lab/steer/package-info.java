/// What is compared: variants of a model, and edits of its weights.
///
/// Input: a [Direction][dev.demur.lab.direction.Direction]. Output: a [Treatment], which is a
/// [Policy][dev.demur.lab.policy.Policy] under a variant's name, or a [WeightEdit] for a
/// checkpoint.
///
/// Start with [Treatment]. [Variant] names it in files and reports, and [SideBySide] applies
/// several directions in one pass.
@NullMarked
package dev.demur.lab.steer;

import org.jspecify.annotations.NullMarked;
