/// OpenAI's interface: chat and text completions, models, tokenizing.
///
/// Source: OpenAI's API reference; what clients rely on beyond it is told where it is done.
///
/// Start with [OpenAi].
@NullMarked
package dev.demur.serve.openai;

import org.jspecify.annotations.NullMarked;
