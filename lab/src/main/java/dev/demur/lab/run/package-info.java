/// The folder of one run: what is finished, what is under way, and who is told how far it has come.
///
/// A run keeps its values and rows here under the hash of all that decides them, so that a run that
/// was stopped goes on where it was.
@NullMarked
package dev.demur.lab.run;

import org.jspecify.annotations.NullMarked;
