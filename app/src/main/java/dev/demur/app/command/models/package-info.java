/// `demur models` and `demur bench`: what a model is, where it lies, how fast it runs here.
@NullMarked
package dev.demur.app.command.models;

import org.jspecify.annotations.NullMarked;
