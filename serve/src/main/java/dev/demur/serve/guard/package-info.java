/// The guard: a monitor in the passes that serve, and what is done when it raises an alarm.
///
/// Input: a trained [Monitor][dev.demur.lab.monitor.Monitor]. Output: alarms in metrics, in the
/// operator's log, in answers, and answers that are refused or written under another policy.
/// Nothing is run for it but the pass that serves the prompt.
///
/// Start with [Guard].
@NullMarked
package dev.demur.serve.guard;

import org.jspecify.annotations.NullMarked;
