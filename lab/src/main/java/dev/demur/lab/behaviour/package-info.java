/// What a checkpoint does, as far as an audit asks: whether it refuses, along how many directions,
/// and how much of its parent's refusal direction is left in its streams.
///
/// Order of reading: [BehaviourPrompts][dev.demur.lab.behaviour.BehaviourPrompts] (some prompts are
/// only read, others answered), [BehaviourAudit][dev.demur.lab.behaviour.BehaviourAudit] (one model
/// after the other), [Behaviour][dev.demur.lab.behaviour.Behaviour] (what came out),
/// [RetainedGap][dev.demur.lab.behaviour.RetainedGap] (ρ).
/// [Restoring][dev.demur.lab.behaviour.Restoring] asks the opposite question: what steering at
/// inference puts back.
///
/// Weights are the business of [dev.demur.lab.audit]. Small samples: every rate has an interval.
@NullMarked
package dev.demur.lab.behaviour;

import org.jspecify.annotations.NullMarked;
