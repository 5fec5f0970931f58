/// Numbers with their uncertainty: rates, differences, agreement, resampling.
///
/// Input: counts or paired scores. Output: an [Interval], a p-value or a corrected rate.
///
/// Start with [Rate], which never goes without its interval, then read [PairedCounts] for two
/// variants on the same prompts. [Significance#holm] corrects families of tests, [AgreementTable]
/// compares two raters, [Calibration] corrects what a fallible judge counted, and [Bootstrap]
/// resamples prompts from a named seed.
///
/// Exact tests of counts take their tails from [Binomial] or count in whole numbers; everything
/// else is float64. Each method names its source and is compared with scipy, or with its
/// definition, over the whole range it is used in (docs/statistics.md).
@NullMarked
package dev.demur.lab.stats;

import org.jspecify.annotations.NullMarked;
