/// A monitor that scores prompts in the very pass that serves them.
///
/// Input: harmful and benign prompts and a direction ([MonitorTraining]). Output: a [Monitor], a
/// small file with a harmfulness probe at the last token of the user's words, a refusal probe at
/// the last token of the prompt, and what the heads that carry refusal write and look at.
///
/// Start with [Monitor], then read [MonitorWatch], which reads a pass. [MonitorEvaluation] compares
/// it with simpler detectors.
///
/// Thresholds are set on benign prompts that the probes have not seen, so that the false-positive
/// rate is bounded with the stated confidence for prompts drawn like those. No alarm has a higher
/// rate than the harmfulness probe's. A monitor belongs to the weights it was trained on. Source of
/// the two places: Zhao et al. 2025 (arXiv 2507.11878).
@NullMarked
package dev.demur.lab.monitor;

import org.jspecify.annotations.NullMarked;
