/// Scores read off logits, in nats: the refusal score, the KL divergence, the likelihood of given
/// tokens, and the tokens with which refusals open.
///
/// Input: logits `[prompt, d_vocab]`. Output: numbers in float64.
///
/// Start with [RefusalScore].
@NullMarked
package dev.demur.lab.score;

import org.jspecify.annotations.NullMarked;
