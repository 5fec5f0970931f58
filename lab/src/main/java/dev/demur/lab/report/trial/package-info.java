/// Trials and the grid of thoughts and answers as reports.
///
/// [TrialReport] shows rows of a trial by sets of prompts with their verdicts, [TradeOff] draws
/// what each gains and costs, [TrialAttention] the attention on alarming words. [ThinkingReport] is
/// about models that think.
@NullMarked
package dev.demur.lab.report.trial;

import org.jspecify.annotations.NullMarked;
