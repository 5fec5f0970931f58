package dev.demur.lab;

import dev.demur.model.remedy.Remedy;

/// What helps when the lab refuses.
public enum LabRemedy implements Remedy {

  /// Add the direction while the model runs.
  ADD_WHILE_RUNNING,

  /// Write a control vector.
  WRITE_CONTROL_VECTOR,

  /// Write an edited checkpoint.
  WRITE_CHECKPOINT,

  /// Keep tied embeddings tied.
  KEEP_TIED,

  /// Leave the embedding out of the edit.
  CHOOSE_COMPONENTS,

  /// Store edited tensors in another type.
  CHOOSE_STORAGE,

  /// Edit fewer layers.
  CHOOSE_LAYERS,

  /// Give a direction instead of having one found.
  GIVE_DIRECTION,

  /// Set a variable of the chat template.
  SET_TEMPLATE_VARIABLE,

  /// Name other models for the grid.
  CHOOSE_GRID,

  /// Take a data set's files out of a folder.
  IMPORT_DATA,

  /// Say what an imported direction is for.
  SAY_OPERATION,

  /// Say where in a block an imported direction was read.
  SAY_SITE,

  /// Say how an imported file numbers its layers.
  SAY_NUMBERING,

  /// Say which layer of an imported file.
  SAY_LAYER,

  /// Say which tensor of an imported file.
  SAY_TENSOR,

  /// Say at which position an imported direction was read.
  SAY_POSITION
}
