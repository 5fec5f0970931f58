/// Judges: did this completion refuse?
///
/// Input: an instruction and a completion. Output: a [Verdict]: full refusal, partial refusal or
/// none, with a score.
///
/// Start with [Judge], then read [Panel], which is everybody who judges one study, people included.
/// [ClassifierJudge], [LexiconJudge] and [SubstringJudge] (the paper's) need no model;
/// `judge.guard` and `judge.endpoint` ask one.
///
/// No judge is always right. [JudgeAgreement] compares two of them, and
/// [Calibration][dev.demur.lab.stats.Calibration] corrects a rate by a labelled sample.
/// docs/judges.md has the measured errors.
@NullMarked
package dev.demur.lab.judge;

import org.jspecify.annotations.NullMarked;
