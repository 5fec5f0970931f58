/// `demur monitor`: trains a detector on a model's activations, scores prompts, measures it.
@NullMarked
package dev.demur.app.command.monitor;

import org.jspecify.annotations.NullMarked;
