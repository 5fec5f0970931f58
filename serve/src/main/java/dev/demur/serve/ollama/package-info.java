/// Ollama's interface, for clients that know no other: chat, generate, tags.
///
/// Source: Ollama's API reference. Streams are lines of JSON.
///
/// Start with [Ollama].
@NullMarked
package dev.demur.serve.ollama;

import org.jspecify.annotations.NullMarked;
