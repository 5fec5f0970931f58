/// Numbers with their uncertainty: rates, differences, agreement, resampling.
///
/// A [Rate][dev.demur.lab.stats.Rate] never goes without an
/// [Interval][dev.demur.lab.stats.Interval]; two variants measured on the same prompts are compared
/// as [PairedCounts][dev.demur.lab.stats.PairedCounts]; families of tests are corrected by
/// [Significance#holm][dev.demur.lab.stats.Significance#holm]. Labels of two raters go into an
/// [AgreementTable][dev.demur.lab.stats.AgreementTable]; what a fallible judge counted is corrected
/// by [Calibration][dev.demur.lab.stats.Calibration]. [Bootstrap][dev.demur.lab.stats.Bootstrap]
/// resamples prompts from a named seed.
///
/// Exact tests of counts take their tails from [Binomial][dev.demur.lab.stats.Binomial] or count in
/// whole numbers; the rest is float64. Each method names its source and is compared with scipy, or
/// with its definition, over the whole range it is used in (`tools/golden/lab_stats_ranges.py`),
/// and its coverage with a simulation: a 95 % interval must hold the truth in 94 to 97 % of the
/// draws, over shares drawn evenly from 5 to 95 %.
@NullMarked
package dev.demur.lab.stats;

import org.jspecify.annotations.NullMarked;
