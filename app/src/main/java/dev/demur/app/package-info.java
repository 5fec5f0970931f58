/// The command line. It has no logic of its own: a command parses its flags, builds one
/// configuration, calls the lab and prints the result.
///
/// Input: arguments. Output: text, files and an exit code.
///
/// Start with [Demur], which puts the commands together, then read one command, for example
/// `command.study.StudyCommand`. [Main] runs them. Commands live in `command`, one package a
/// subject; shared flags in `option`; terminal, progress and exit codes in `cli`.
@NullMarked
package dev.demur.app;

import org.jspecify.annotations.NullMarked;
