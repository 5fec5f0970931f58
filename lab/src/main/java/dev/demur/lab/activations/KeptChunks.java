package dev.demur.lab.activations;

import dev.demur.lab.run.Progress;
import dev.demur.model.ChatModel;
import dev.demur.model.arch.ModelConfig;
import dev.demur.model.forward.Activations;
import dev.demur.model.forward.Capture;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Positions;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.List;

/// Activations of many prompts, read chunk by chunk so that progress shows, all of them in memory.
/// Changed by [#read].
final class KeptChunks implements AutoCloseable {

  private static final int CHUNK = 64;

  private final List<Activations> chunks = new ArrayList<>();

  /// What to keep: each place at some positions, the last query's patterns where there are any.
  static Capture capture(List<HookPoint> points, Positions span) {
    return points.stream()
        .map(
            point -> {
              var at = Capture.at(point.site()).layer(point.layer());
              return point.site() == Site.PATTERN_LAST
                  ? at.last()
                  : at.positions(span.from(), span.to());
            })
        .reduce(Capture::and)
        .orElseThrow()
        .withoutLogits();
  }

  /// What one place takes of one prompt, in bytes.
  ///
  /// @param tokens length of the prompt
  static long bytes(ModelConfig config, HookPoint point, Positions span, int tokens) {
    long rows = span.to() - span.from() + 1L;
    long values =
        switch (point.site()) {
          case RESID_PRE, ATTN_OUT, RESID_MID, MLP_OUT, RESID_POST, LN_FINAL ->
              rows * config.dModel();
          case Q, Z -> rows * config.nHeads() * config.dHead();
          case K, V -> rows * config.nKvHeads() * config.dHead();
          case MLP_POST -> rows * config.dMlp();
          case ATTN_SCORES, PATTERN -> rows * config.nHeads() * tokens;
          case PATTERN_LAST -> (long) config.nHeads() * tokens;
        };
    return values * Float.BYTES;
  }

  /// Runs prompts.
  void read(
      ChatModel model,
      List<TokenIds> prompts,
      Capture capture,
      HookPlan edits,
      Progress.Task task) {
    for (int from = 0; from < prompts.size(); from += CHUNK) {
      var chunk = prompts.subList(from, Math.min(prompts.size(), from + CHUNK));
      chunks.add(model.forward().run(chunk, capture, edits));
      task.advance(chunk.size());
    }
  }

  /// What was kept of one prompt.
  Tensor get(HookPoint point, int prompt) {
    return chunks.get(prompt / CHUNK).get(point, prompt % CHUNK);
  }

  @Override
  public void close() {
    chunks.forEach(Activations::close);
  }
}
