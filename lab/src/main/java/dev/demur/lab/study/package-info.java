/// The study of Arditi et al. 2024 as one run.
///
/// Input: a model, prompts and a [StudyConfig]. Output: a [StudyResult], a value that holds every
/// number of the study and computes none.
///
/// Start with [Study], whose `run` method lists the stages in the order of the paper, then open the
/// class of a stage. [RunStore][dev.demur.lab.run.RunStore] remembers finished stages;
/// [StudyReport][dev.demur.lab.report.study.StudyReport] turns the result into pages.
@NullMarked
package dev.demur.lab.study;

import org.jspecify.annotations.NullMarked;
