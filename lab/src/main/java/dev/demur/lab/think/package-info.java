/// Thoughts and answers steered apart: what a thought decides, and what is decided after it.
///
/// Input: a model that thinks, a policy, prompts. Output: refusals by where the thought comes from
/// and whether the answer behind it is steered, and where along a thought the stream turns.
///
/// Start with [ThinkingGrid]; [TwoPass] writes thoughts and answers, [Timeline] reads thoughts.
@NullMarked
package dev.demur.lab.think;

import org.jspecify.annotations.NullMarked;
