/// `demur judge`: label completions of any source, and compare judges.
///
/// Start with [JudgeCommand]; the work is done in `lab.judge`.
@NullMarked
package dev.demur.app.command.judge;

import org.jspecify.annotations.NullMarked;
