/// Policies: what is done to the stream, to which prompts, at which tokens and places.
///
/// Input: directions, subspaces, probes and maps under names. Output: a [Policy], an ordered list
/// of rules *when × where × what*. It is a [Steering][dev.demur.model.hook.Steering], prints as one
/// line of a small language, parses back, and is kept in one file.
///
/// Start with [Policy] and [Rule]. [Gate], [Span], [Places] and [Operator] are the four parts of a
/// rule; an [Ingredient] is what a name stands for.
@NullMarked
package dev.demur.lab.policy;

import org.jspecify.annotations.NullMarked;
