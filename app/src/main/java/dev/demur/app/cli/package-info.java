/// The terminal: where results and messages go, progress, interruption, exit codes.
///
/// Results go to standard output, progress and messages to standard error, both through
/// [dev.demur.app.cli.Terminal]. Exit codes are in [dev.demur.app.cli.ExitCode].
@NullMarked
package dev.demur.app.cli;

import org.jspecify.annotations.NullMarked;
