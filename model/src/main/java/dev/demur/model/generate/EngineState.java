package dev.demur.model.generate;

/// What an engine is doing, and has done since it started.
///
/// @param running requests being read or written
/// @param queued requests that wait for a slot
/// @param slots requests that can run at once
/// @param tokensRead tokens of prompts that were run
/// @param tokensShared tokens of prompts taken over from another sequence instead
/// @param tokensWritten tokens written
/// @param ended requests that came to their end
/// @param cancelled requests that were given up
/// @param failed requests that came to nothing
public record EngineState(
    int running,
    int queued,
    int slots,
    long tokensRead,
    long tokensShared,
    long tokensWritten,
    long ended,
    long cancelled,
    long failed) {}
