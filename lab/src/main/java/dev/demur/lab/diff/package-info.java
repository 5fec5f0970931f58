/// How two checkpoints, or two runs of the study, differ.
///
/// [CheckpointDiff][dev.demur.lab.diff.CheckpointDiff] looks at weights only: which tensors
/// changed, by how much, and whether the changes of what writes to the stream lie along one
/// direction (the comparison of [ParentComparison][dev.demur.lab.audit.ParentComparison], without a
/// verdict). [RunDiff][dev.demur.lab.diff.RunDiff] lays two run folders side by side: directions,
/// selections, and refusal rates tested on the prompts the runs share. Nothing is run again.
///
/// What cannot be compared is said in words, and the rest is compared all the same.
@NullMarked
package dev.demur.lab.diff;

import org.jspecify.annotations.NullMarked;
