/// `demur monitor`: train a detector on a model's activations, score prompts with it, measure it.
///
/// Start with `MonitorTrainCommand`; the work is done in `lab.monitor`.
@NullMarked
package dev.demur.app.command.monitor;

import org.jspecify.annotations.NullMarked;
