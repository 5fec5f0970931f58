package dev.demur.lab.direction;

import dev.demur.model.ChatModel;
import dev.demur.model.forward.Capture;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// resid_pre of every layer at the last positions of each prompt, and the logits at the last: what
/// directions are made of.
///
/// Kept per prompt, so that prompts can be filtered by what the same pass scored, and resampled.
///
/// @param values float32 `[prompt, pos, layer, d_model]`; the last position is −1
/// @param logits float32 `[prompt, d_vocab]`
public record PromptActivations(Tensor values, Tensor logits) {

  /// Prompts run together. Their activations are in memory twice for a moment.
  private static final int CHUNK = 128;

  /// Reads prompts. Make it inside the scope that is to own its memory.
  ///
  /// @param positions how many positions from the end, e.g. the number of EOI tokens; at least 1
  /// @param plan edits of the pass
  /// @throws IllegalArgumentException if a prompt has fewer tokens
  public static PromptActivations of(
      Forward forward, List<TokenIds> prompts, int positions, HookPlan plan) {
    var capture = Capture.at(Site.RESID_PRE).positions(-positions, -1);
    return read(forward, prompts, positions, capture, plan, Device.CPU);
  }

  /// The same, left on the device of the model's last block: means and projections of many prompts
  /// are small, and what they are made of need not leave a card.
  public static PromptActivations onDevice(
      Forward forward, List<TokenIds> prompts, int positions, HookPlan plan) {
    var capture = Capture.at(Site.RESID_PRE).positions(-positions, -1).withTheBlocks();
    var device = forward.transformer().holding().placement().last();
    return read(forward, prompts, positions, capture, plan, device);
  }

  private static PromptActivations read(
      Forward forward,
      List<TokenIds> prompts,
      int positions,
      Capture capture,
      HookPlan plan,
      Device device) {
    var config = forward.transformer().config();
    var values =
        Tensor.zeros(
            device, DType.F32, prompts.size(), positions, config.nLayers(), config.dModel());
    var logits = new ArrayList<Tensor>();
    for (int from = 0; from < prompts.size(); from += CHUNK) {
      int count = Math.min(CHUNK, prompts.size() - from);
      try (var scope = Scope.open();
          var seen = forward.run(prompts.subList(from, from + count), capture, plan)) {
        var part = values.narrow(0, from, count);
        for (int layer = 0; layer < config.nLayers(); layer++) {
          var stream = seen.get(new HookPoint(layer, Site.RESID_PRE));
          part.narrow(2, layer, 1).copyInPlace(stream.unsqueeze(2));
        }
        logits.add(scope.keep(seen.logits().copy()));
      }
    }
    return new PromptActivations(values, Tensor.cat(logits, 0));
  }

  /// Means of prompts at every position behind the instruction, the last one at least.
  ///
  /// @param plan edits of the pass
  /// @return float64 `[pos, layer, d_model]`, on the host
  /// @throws IllegalArgumentException if there is no prompt
  public static Tensor means(ChatModel model, List<TokenIds> prompts, HookPlan plan) {
    int positions = Math.max(1, model.prompts().eoiTokens().size());
    try (var scope = Scope.open()) {
      return scope.keep(mean(of(model.forward(), prompts, positions, plan).values()));
    }
  }

  /// Mean over all prompts, accumulated in float64.
  ///
  /// @param values `[prompt, pos, layer, d_model]`
  /// @return float64 `[pos, layer, d_model]`, on the host
  /// @throws IllegalArgumentException if there is none
  public static Tensor mean(Tensor values) {
    return mean(values, IntStream.range(0, Math.toIntExact(values.dim(0))).boxed().toList());
  }

  /// Mean over some prompts, accumulated in float64.
  ///
  /// @param values `[prompt, pos, layer, d_model]`
  /// @param prompts which prompts count
  /// @return float64 `[pos, layer, d_model]`, on the host
  /// @throws IllegalArgumentException if none is given
  public static Tensor mean(Tensor values, List<Integer> prompts) {
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("a mean needs at least one prompt");
    }
    var sum = Tensor.zeros(values.device(), DType.F64, values.dim(1), values.dim(2), values.dim(3));
    for (int prompt : prompts) {
      sum.addInPlace(values.row(prompt).to(DType.F64));
    }
    return sum.times(1.0 / prompts.size()).on(Device.CPU);
  }
}
