/// A monitor that scores prompts in the very pass that serves them: a harmfulness probe at the last
/// token of the user's words, a refusal probe at the last token of the prompt, and what the heads
/// that carry refusal write and look at.
///
/// [MonitorTraining] makes one, [Monitor] is the small file, [MonitorWatch] reads a pass,
/// [MonitorEvaluation] holds it against simpler detectors.
///
/// Rules: thresholds are set on benign prompts the probes have not seen, such that the
/// false-positive rate is at most the chosen one with the stated confidence, exactly, for prompts
/// drawn like those. No alarm has a higher rate than the harmfulness probe's. A monitor belongs to
/// the weights it was trained on.
///
/// Source of the two places: Zhao et al. 2025, "LLMs Encode Harmfulness and Refusal Separately"
/// (arXiv 2507.11878).
@NullMarked
package dev.demur.lab.monitor;

import org.jspecify.annotations.NullMarked;
