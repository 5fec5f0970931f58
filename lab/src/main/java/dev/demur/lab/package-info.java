/// The science of the refusal direction. This package holds only what every room shares: named
/// seeds, hashes, visible text.
///
/// Input: prompts and a [ChatModel][dev.demur.model.ChatModel]. Output: directions, rates with
/// intervals, reports and run folders.
///
/// Start with [Study][dev.demur.lab.study.Study], which reads like the paper. It uses `prompts`,
/// `direction`, `score`, `steer`, `judge` and `stats`; `run` remembers its work and `report` writes
/// its pages. The other packages answer one further question each: `explain`, `monitor`, `edit`,
/// `audit`, `behaviour`, `diff`, `coherence`, `benchmark`, `activations`.
@NullMarked
package dev.demur.lab;

import org.jspecify.annotations.NullMarked;
