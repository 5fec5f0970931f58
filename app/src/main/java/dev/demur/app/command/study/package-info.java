/// `demur study` and `demur report`: a whole study, its run folder and its reports.
///
/// Start with [StudyCommand]; the work is done in `lab.study` and `lab.report`.
@NullMarked
package dev.demur.app.command.study;

import org.jspecify.annotations.NullMarked;
