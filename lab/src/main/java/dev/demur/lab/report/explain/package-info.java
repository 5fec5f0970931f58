/// Explanations as reports.
///
/// [ExplainReport] is the page of sets of prompts: cosines and projections by layer, what heads
/// write and look at, the figures of the papers. [AnatomyReport] is the page of one prompt, token
/// by token. [ExplainSummary] and [AnatomySummary] are what the command prints of them.
@NullMarked
package dev.demur.lab.report.explain;

import org.jspecify.annotations.NullMarked;
