/// `demur judge`: labels completions of any source and compares judges.
@NullMarked
package dev.demur.app.command.judge;

import org.jspecify.annotations.NullMarked;
