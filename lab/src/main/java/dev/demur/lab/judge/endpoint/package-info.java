/// Judges at an OpenAI-compatible endpoint.
///
/// Input: a guard's prompt. Output: the endpoint's answer, or one line that says what went wrong.
///
/// Start with [ChatEndpoint], which asks over `POST …/chat/completions` at temperature 0, with
/// retries, a rate limit and a cache on disk. A run that broke therefore continues where it
/// stopped, and a second one costs nothing. [CostEstimate] says beforehand what a run would cost.
///
/// Only the instruction, the completion and the judge's prompt leave the machine. The key comes
/// from the environment and is never written: not to logs, errors, the cache or the manifest.
@NullMarked
package dev.demur.lab.judge.endpoint;

import org.jspecify.annotations.NullMarked;
