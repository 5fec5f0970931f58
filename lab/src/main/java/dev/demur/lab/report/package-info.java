/// Reports: values of a study → HTML, Markdown, CSV, JSON.
///
/// A [Report][dev.demur.lab.report.Report] is a value: sections of blocks, among them
/// [Table][dev.demur.lab.report.Table]s and [Chart][dev.demur.lab.report.Chart]s.
/// [StudyReport][dev.demur.lab.report.StudyReport] makes one of a study,
/// [ComparisonReport][dev.demur.lab.report.ComparisonReport] one of several studies side by side;
/// [HtmlReport][dev.demur.lab.report.HtmlReport] and
/// [MarkdownReport][dev.demur.lab.report.MarkdownReport] write either, and
/// [TextReport][dev.demur.lab.report.TextReport] writes any report for a terminal.
/// [ReportFiles][dev.demur.lab.report.ReportFiles] writes everything a run folder holds for
/// readers.
///
/// A table is made by [Table#of][dev.demur.lab.report.Table#of] from rows and
/// [Columns][dev.demur.lab.report.Columns], one line a column: key, heading, unit, getter.
///
/// The rules of this room:
///
/// * Reports never compute. What a page says was counted, tested or averaged elsewhere; the only
///   calls made here are for the interval of a [Rate][dev.demur.lab.stats.Rate] or of
///   [PairedCounts][dev.demur.lab.stats.PairedCounts] that is there already.
/// * Numbers become text only here, in `Numbers`: every format shows the same digits, and every
///   table cell in HTML carries the unrounded value as `data-value`.
/// * Every string from outside (prompts, tokens, names) is hostile until written: HTML is built as
///   a tree that escapes on output, and the page's content security policy admits its own two
///   scripts by hash and no network at all.
@NullMarked
package dev.demur.lab.report;

import org.jspecify.annotations.NullMarked;
