/// The terminal: where results and messages go, progress, interruption, exit codes.
///
/// Input: results and exceptions. Output: text and an [ExitCode]. Results go to standard output,
/// progress and messages to standard error, both through [Terminal].
///
/// Start with [Terminal], then read [Failure], which turns an exception into one line.
@NullMarked
package dev.demur.app.cli;

import org.jspecify.annotations.NullMarked;
