/// Sections that lay a study beside a paper: the choices of its procedure, what its appendices
/// show, and its published values.
///
/// Start with [PaperSections].
@NullMarked
package dev.demur.lab.report.paper;

import org.jspecify.annotations.NullMarked;
