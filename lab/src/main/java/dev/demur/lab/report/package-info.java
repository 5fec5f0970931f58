/// Turns values of the lab into pages: HTML, Markdown, CSV, JSON and text for a terminal.
///
/// Input: a result, for example a [StudyResult][dev.demur.lab.study.StudyResult]. Output: a
/// [Report], a value made of sections of [Table]s and [Chart]s, and the files that show it
/// ([ReportFiles]).
///
/// Start with [StudyReport], then read [Table#of] and [Columns]: one line a column with key,
/// heading, unit and getter. [HtmlReport], [MarkdownReport] and [TextReport] write any report. What
/// a command prints is a report too ([StudySummary], [ExplainSummary] and the like).
///
/// * Reports never compute. The only calls made here are for the interval of a
///   [Rate][dev.demur.lab.stats.Rate] or of [PairedCounts][dev.demur.lab.stats.PairedCounts] that
///   exists already.
/// * Numbers become text only in `Numbers`, so every format shows the same digits. Every HTML cell
///   carries the unrounded value as `data-value`.
/// * Every string from outside is hostile. HTML is a tree that escapes on output, and the page's
///   content security policy admits its own two scripts by hash and no network.
@NullMarked
package dev.demur.lab.report;

import org.jspecify.annotations.NullMarked;
