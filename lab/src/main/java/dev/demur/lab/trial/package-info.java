/// A trial: defences and repairs beside each other, on the same prompts, judged by the same panel.
///
/// Input: a model, rows (a policy or a wrapper each), sets of prompts. Output: a [TrialResult] with
/// paired tests, margins, a random control for every policy, a verdict in words, and for every
/// defence how many directions an attacker needs.
///
/// Start with [Trial].
@NullMarked
package dev.demur.lab.trial;

import org.jspecify.annotations.NullMarked;
