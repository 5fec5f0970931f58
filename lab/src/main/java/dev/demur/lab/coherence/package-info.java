/// What an intervention costs: how well does the model still predict text?
///
/// Input: texts, exchanges of instruction and completion, or the model's own completions
/// ([Corpus]). Output: cross-entropy in nats per token, paired differences with bootstrap
/// intervals, and the KL divergence along the passages ([Coherence]).
///
/// Start with [Corpus], which cuts and counts passages as the released code does, then read
/// [CoherenceProbe], which runs them once under every variant and gives one [PassageScores] a
/// passage.
///
/// Nothing is stored here; rows go to the caller as they come. docs/coherence.md explains the
/// numbers.
@NullMarked
package dev.demur.lab.coherence;

import org.jspecify.annotations.NullMarked;
