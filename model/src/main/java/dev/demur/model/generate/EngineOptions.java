package dev.demur.model.generate;

import dev.demur.model.arch.Transformer;

/// How large an engine is. On the host a slot takes memory as its tokens come, and keeps it: see
/// [#bytes].
///
/// @param slots sequences written at once
/// @param context tokens of one sequence, prompt and answer together
/// @param queue requests that may wait; more are refused
/// @param pieceTokens tokens of prompts read between two tokens of those being written
/// @param beginnings sequences kept after they end, for prompts that begin as they did
public record EngineOptions(int slots, int context, int queue, int pieceTokens, int beginnings) {

  /// Of a batch that reads at its best rate, this share is read while others wait to write.
  private static final int PIECES = 8;

  private static final int USUAL_CONTEXT = 4096;
  private static final int USUAL_BEGINNINGS = 2;
  private static final int WAITING_PER_SLOT = 4;

  public EngineOptions {
    atLeast("slots", slots, 1);
    atLeast("context", context, 2);
    atLeast("queue", queue, 1);
    atLeast("piece tokens", pieceTokens, 1);
    atLeast("beginnings", beginnings, 0);
  }

  private static void atLeast(String what, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(what + " must be >= " + least + ", was " + value);
    }
  }

  /// What suits a model: at most 4,096 tokens a sequence, and four requests waiting for each slot.
  public static EngineOptions suiting(Transformer transformer, int slots) {
    return new EngineOptions(
        slots,
        Math.max(2, Math.min(USUAL_CONTEXT, transformer.limit().tokens())),
        slots * WAITING_PER_SLOT,
        Math.max(1, transformer.policy().batchTokens() / PIECES),
        USUAL_BEGINNINGS);
  }

  /// The same with other sequences' length.
  public EngineOptions withContext(int tokens) {
    return new EngineOptions(slots, tokens, queue, pieceTokens, beginnings);
  }

  /// The same with another bound on those that wait.
  public EngineOptions withQueue(int requests) {
    return new EngineOptions(slots, context, requests, pieceTokens, beginnings);
  }

  /// What the engine keeps of all sequences when they are as long as they may be, bytes.
  public long bytes(Transformer transformer) {
    return (slots + beginnings) * transformer.cacheBytes(transformer.cacheType(), context);
  }
}
