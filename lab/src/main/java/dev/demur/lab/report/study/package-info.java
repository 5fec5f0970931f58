/// What a study found, as reports.
///
/// Start with [StudyReport], the page of a run, and [StudySummary], what the command prints.
/// [Conclusions] are its sentences: what may be said of the numbers, and how sure that is.
/// [DirectionReport] shows the candidates a direction was chosen from, [ComparisonReport] several
/// studies side by side, [CoherenceReport] losses alone. [DirectionEvaluations] writes scores in
/// the released code's layout.
@NullMarked
package dev.demur.lab.report.study;

import org.jspecify.annotations.NullMarked;
