/// Has somebody removed a direction from this checkpoint?
///
/// Input: the files of a checkpoint and, if known, of its parent. Output: a [Verdict], the removed
/// direction and its strength.
///
/// Start with [CheckpointAudit], then read [EdgeGap].
///
/// An ablation in the weights leaves a mark: every matrix that writes to the residual stream has
/// almost no energy along the same direction, so the sum of their Gram matrices has one eigenvalue
/// far below all others. The audit measures it, and [EdgeGap] says how likely a clean checkpoint
/// shows the same. Matrices are read one at a time; only `d_model × d_model` sums are kept.
/// docs/audit.md says what an audit cannot see.
@NullMarked
package dev.demur.lab.audit;

import org.jspecify.annotations.NullMarked;
