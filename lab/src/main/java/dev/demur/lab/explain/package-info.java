/// Why did a model refuse, or not? How far does the stream lie along the direction, which heads and
/// MLPs put it there, what do those heads read, and what does a suffix change?
///
/// Input: prompts, a direction and suffixes; nothing here searches for a suffix. Output: an
/// [Explanation].
///
/// Start with [Explain], which compares conditions over many prompts, then read [Microscope] (one
/// prompt) and [CausalChecks], which tests by intervention what attribution only suggests.
///
/// Rules: a prompt is one unit of chance; conditions are compared in pairs on the same prompts;
/// only prompts that are refused as they are count; attributions are exact sums. Source: section 5
/// of Arditi et al. 2024 (arXiv 2406.11717).
@NullMarked
package dev.demur.lab.explain;

import org.jspecify.annotations.NullMarked;
