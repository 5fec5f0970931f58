/// The command line. [dev.demur.app.Demur] puts the commands together, [dev.demur.app.Main] runs
/// them.
///
/// A command parses its flags, builds one configuration, calls the lab and prints what comes back.
/// It has no logic of its own. Commands live in `dev.demur.app.command`, one room a subject; flags
/// that several commands take in `dev.demur.app.option`; terminal, progress and exit codes in
/// `dev.demur.app.cli`.
@NullMarked
package dev.demur.app;

import org.jspecify.annotations.NullMarked;
