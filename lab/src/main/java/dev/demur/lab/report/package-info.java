/// Turns values of the lab into reports.
///
/// Input: a result, for example a [StudyResult][dev.demur.lab.study.StudyResult]. Output: a
/// [Report], a value made of sections of [Table]s and [Chart]s. `dev.demur.lab.report.format`
/// writes it.
///
/// Start with [StudyReport], then read [Table#of] and [Columns]: one line a column with key,
/// heading, unit and getter. What a command prints is a report too ([StudySummary],
/// [ExplainSummary] and the like).
///
/// * Reports never compute. The only calls made here are for the interval of a
///   [Rate][dev.demur.lab.stats.Rate] or of [PairedCounts][dev.demur.lab.stats.PairedCounts] that
///   exists already.
/// * Numbers become text only in [Numbers], so every format shows the same digits.
@NullMarked
package dev.demur.lab.report;

import org.jspecify.annotations.NullMarked;
