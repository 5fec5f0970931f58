/// `demur chat` and `demur activations`: one model, looked at by hand.
@NullMarked
package dev.demur.app.command.chat;

import org.jspecify.annotations.NullMarked;
