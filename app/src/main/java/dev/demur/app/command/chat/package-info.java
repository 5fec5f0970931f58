/// `demur chat` and `demur activations`: look at one model by hand.
///
/// Start with [ChatCommand]. Activations are written by `lab.activations`.
@NullMarked
package dev.demur.app.command.chat;

import org.jspecify.annotations.NullMarked;
