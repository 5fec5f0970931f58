/// Writes interventions into checkpoints on disk, or exports them as LoRA adapter or control
/// vector.
///
/// Input: a checkpoint and an [EditRequest]. Output: an edited checkpoint with a record of what was
/// done.
///
/// Start with `EditPlan`, which says which tensors change and how. [FolderEditor] and [GgufEditor]
/// carry it out a block of rows at a time, so the size of a model does not matter. [EditCheck]
/// compares the result with hooks. docs/edit.md explains edits to users.
@NullMarked
package dev.demur.lab.edit;

import org.jspecify.annotations.NullMarked;
