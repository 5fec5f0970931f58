/// Maps of directions as reports.
///
/// Start with [MapReport]: the directions, all of them with each other, what each does to the
/// other's prompts, and a section for every one ([MapPairs]).
@NullMarked
package dev.demur.lab.report.map;

import org.jspecify.annotations.NullMarked;
