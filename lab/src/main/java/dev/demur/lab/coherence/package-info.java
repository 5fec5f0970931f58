/// What an intervention costs: how well the model still predicts text.
///
/// [Corpus][dev.demur.lab.coherence.Corpus] turns texts, exchanges of instruction and completion,
/// and the model's own completions into passages, cut and counted as the released code does.
/// [CoherenceProbe][dev.demur.lab.coherence.CoherenceProbe] runs them once under every variant, the
/// unedited model first, and gives [PassageScores][dev.demur.lab.coherence.PassageScores], one row
/// a passage; [Coherence][dev.demur.lab.coherence.Coherence] sums them up: cross-entropy in nats
/// per token, paired differences with bootstrap intervals, and the KL divergence along the
/// passages.
///
/// Nothing is stored here: rows go to whoever asked, as they come. docs/coherence.md explains the
/// numbers to users.
@NullMarked
package dev.demur.lab.coherence;

import org.jspecify.annotations.NullMarked;
