/// What a checkpoint does, as far as an audit asks: whether it refuses, along how many directions,
/// and how much of its parent's refusal direction is left in its streams.
///
/// Input: a checkpoint, its parent and prompts. Output: a [Behaviour] for each model.
///
/// Start with [BehaviourPrompts] (some prompts are read, others answered) and [BehaviourAudit] (one
/// model after the other), then read [Behaviour] and [RetainedGap] (ρ). `Restoring` asks the
/// opposite question: what does steering at inference bring back?
///
/// [CheckpointAudit][dev.demur.lab.audit.CheckpointAudit] looks at the weights. Samples are small,
/// so every rate has an interval.
@NullMarked
package dev.demur.lab.behaviour;

import org.jspecify.annotations.NullMarked;
