/// Writes reports: as HTML, Markdown, CSV, JSON and text for a terminal, and into run folders.
///
/// Input: a [Report][dev.demur.lab.report.Report] or the result it is made of. Output: text
/// ([HtmlReport], [MarkdownReport], [TextReport], [JsonReport]) and files ([ReportFiles],
/// [ExplainFiles], [StudyFolder]).
///
/// Start with [TextReport], the shortest writer.
///
/// * Every HTML cell carries the unrounded value as `data-value`.
/// * Every string from outside is hostile. HTML is a tree that escapes on output, and the page's
///   content security policy admits its own two scripts by hash and no network.
@NullMarked
package dev.demur.lab.report.format;

import org.jspecify.annotations.NullMarked;
