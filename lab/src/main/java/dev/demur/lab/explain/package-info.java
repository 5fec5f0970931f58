/// Why a model did or did not refuse: how far the stream lies along the direction, which heads and
/// MLPs put it there, what those heads read, and what a suffix changes about it.
///
/// Follows section 5 of Arditi et al. 2024 (arXiv 2406.11717). Suffixes are an input; nothing here
/// looks for one. [Explain] compares conditions over many prompts, [Microscope] looks at one
/// prompt, [CausalChecks] tests by intervention what attribution only suggests.
///
/// Rules: a prompt is one unit of chance; conditions are compared in pairs, on the same prompts;
/// only prompts that are refused as they are count. Attributions are exact sums: with the
/// embedding, biases and MLPs they add up to the projection.
@NullMarked
package dev.demur.lab.explain;

import org.jspecify.annotations.NullMarked;
