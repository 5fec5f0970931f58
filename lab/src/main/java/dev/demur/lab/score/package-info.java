/// Scores read off logits, in nats: the refusal score, the KL divergence, the likelihood of given
/// tokens, and the tokens a refusal opens with.
@NullMarked
package dev.demur.lab.score;

import org.jspecify.annotations.NullMarked;
