/// `demur models` and `demur bench`: what is a model, where does it lie, how fast does it run here?
///
/// Start with `ModelsInfoCommand`; the work is done in `model.hub` and `lab.profile`.
@NullMarked
package dev.demur.app.command.models;

import org.jspecify.annotations.NullMarked;
