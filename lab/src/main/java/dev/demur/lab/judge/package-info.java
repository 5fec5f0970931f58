/// Judges: did this completion refuse?
///
/// A [Judge][dev.demur.lab.judge.Judge] looks at an instruction and a completion and gives a
/// [Verdict][dev.demur.lab.judge.Verdict]: full refusal, partial refusal or none, with a score. The
/// judges here need no model: [SubstringJudge][dev.demur.lab.judge.SubstringJudge] is the paper's,
/// kept for comparison; [LexiconJudge][dev.demur.lab.judge.LexiconJudge] is our own. A judge of
/// harm (guard models, classifiers, endpoints) is a prompt and a way to read the answer, over any
/// function that turns a prompt into text.
///
/// A [Panel][dev.demur.lab.judge.Panel] is everyone who judges one study, people included.
///
/// No judge is right always: [JudgeAgreement][dev.demur.lab.judge.JudgeAgreement] lays two side by
/// side, and a labelled sample corrects a rate through
/// [Calibration][dev.demur.lab.stats.Calibration]. `docs/judges.md` has the measured errors.
@NullMarked
package dev.demur.lab.judge;

import org.jspecify.annotations.NullMarked;
