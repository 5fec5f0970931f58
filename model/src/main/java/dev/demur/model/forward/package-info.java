/// Runs prompts: batches them, runs the tokens they all begin with once, and returns values.
///
/// Input: token ids and a [HookPlan][dev.demur.model.hook.HookPlan]. Output: logits, kept
/// [Activations] or log-likelihoods of given text ([TeacherForcing]).
///
/// Start with [Forward], then read [Capture] for what a run can keep.
///
/// Batching changes speed, and changes results only by rounding.
@NullMarked
package dev.demur.model.forward;

import org.jspecify.annotations.NullMarked;
