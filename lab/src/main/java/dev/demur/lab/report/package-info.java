/// Turns values of the lab into reports.
///
/// Input: a result, for example a [StudyResult][dev.demur.lab.study.StudyResult]. Output: a
/// [Report], a value made of sections of [Table]s and [Chart]s. `dev.demur.lab.report.format`
/// writes it.
///
/// This room holds what reports are made of; start with [Table#of] and [Columns]: one line a column
/// with key, heading, unit and getter. Every kind of result has a room of its own: `study`,
/// `explain`, `map`, `trial`, `check` (a checkpoint), `measure`, and `paper` for what a study has
/// beyond its usual page. What a command prints is a report too.
///
/// * Reports never compute. The only calls made here are for the interval of a
///   [Rate][dev.demur.lab.stats.Rate] or of [PairedCounts][dev.demur.lab.stats.PairedCounts] that
///   exists already.
/// * Numbers become text only in [Numbers], so every format shows the same digits.
@NullMarked
package dev.demur.lab.report;

import org.jspecify.annotations.NullMarked;
