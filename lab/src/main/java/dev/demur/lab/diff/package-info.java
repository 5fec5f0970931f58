/// How two checkpoints, or two runs of the study, differ.
///
/// Input: two models or two run folders. Output: values that say what changed; nothing is run
/// again.
///
/// Start with [CheckpointDiff] (weights: which tensors changed, by how much, and whether the
/// changes lie along one direction) or [RunDiff] (directions, selections, and refusal rates tested
/// on the prompts both runs share).
///
/// When a part cannot be compared, a sentence says why, and the rest is compared.
@NullMarked
package dev.demur.lab.diff;

import org.jspecify.annotations.NullMarked;
