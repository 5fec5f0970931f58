/// What does a model hold below its last layer that it does not say?
///
/// Two questions are asked of the same prompts. [EarlyDecoding]: what does it write when the final
/// norm and the unembedding follow an earlier block? [Patchscope]: which of two readings does it
/// give of a stream that is put into another prompt? Both are asked of harmless prompts too, and of
/// something that knows nothing (shuffled coordinates, random streams): a label that those get as
/// well is no knowledge.
///
/// Start with [Latent]. What is written is judged and counted; texts leave the model only where
/// [EarlyDecoding.Texts#KEPT] asks for them. Source: Ghandeharioun et al. 2024, "Who's asking?"
/// (arXiv 2406.12094) and "Patchscopes" (arXiv 2401.06102).
@NullMarked
package dev.demur.lab.latent;

import org.jspecify.annotations.NullMarked;
