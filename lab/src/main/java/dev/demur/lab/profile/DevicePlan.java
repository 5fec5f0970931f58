package dev.demur.lab.profile;

import dev.demur.lab.study.StudyConfig;
import dev.demur.model.ChatModel;
import dev.demur.model.DeviceChoice;
import dev.demur.model.arch.DevicePolicy;
import dev.demur.model.arch.DevicePolicy.Between;
import dev.demur.model.arch.Placement;
import dev.demur.model.tensor.Card;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// How a model would lie on devices, and what a study with the paper's sizes would take of each:
/// reckoned from shapes, not measured.
///
/// @param choice the devices, as `--device` names them
/// @param placement which blocks would lie where
/// @param shares by device, in the order of the blocks
public record DevicePlan(String choice, String placement, List<Share> shares) {

  private static final int FLOAT_BYTES = 4;

  /// Copies of the stream in a block: what entered, what the norm made of it, what is added.
  private static final int STREAMS = 3;

  /// Queries, keys, values and neurons before and behind what is done to them.
  private static final int COPIES = 2;

  /// What is taken of one device.
  ///
  /// @param device which
  /// @param weights bytes of the matrices there
  /// @param cache bytes of keys and values of one batch of completions
  /// @param batch bytes a pass of the largest batch works with
  /// @param memory bytes the device has
  public record Share(String device, long weights, long cache, long batch, long memory) {

    /// All of it.
    public long taken() {
      return weights + cache + batch;
    }

    /// Whether the device has as much.
    public boolean fits() {
      return taken() <= memory;
    }
  }

  public DevicePlan {
    shares = List.copyOf(shares);
  }

  /// Whether every device has what would be taken of it.
  public boolean fits() {
    return shares.stream().allMatch(Share::fits);
  }

  /// The host, each card, and what `auto` makes of all of them.
  ///
  /// @param hostMemory bytes
  /// @param cards of the machine, may be none
  static List<DevicePlan> all(ChatModel model, long hostMemory, List<Card> cards)
      throws IOException {
    var reckoning = new Reckoning(model, hostMemory, cards);
    var plans = new ArrayList<DevicePlan>();
    plans.add(reckoning.plan(DeviceChoice.HOST));
    for (var card : cards) {
      plans.add(reckoning.plan(new DeviceChoice(List.of(card.device()))));
    }
    if (!cards.isEmpty()) {
      plans.add(reckoning.plan(DeviceChoice.AUTO));
    }
    return plans;
  }

  /// What plans are made of.
  private record Reckoning(
      ChatModel model, Placement.Sizes sizes, long hostMemory, List<Card> cards) {

    Reckoning(ChatModel model, long hostMemory, List<Card> cards) throws IOException {
      this(
          model, DeviceChoice.sizes(model.files(), model.transformer().dtype()), hostMemory, cards);
    }

    DevicePlan plan(DeviceChoice choice) {
      var placement = choice.placement(sizes, cards);
      var policy = DevicePolicy.of(placement.first());
      var shares =
          placement.taken(sizes).entrySet().stream()
              .map(
                  taken ->
                      new Share(
                          taken.getKey().toString(),
                          taken.getValue(),
                          cache(placement, policy, taken.getKey()),
                          batch(placement, policy, taken.getKey()),
                          memory(taken.getKey())))
              .toList();
      return new DevicePlan(choice.toString(), placement.toString(), shares);
    }

    private long cache(Placement placement, DevicePolicy policy, Device device) {
      var type = model.transformer().dtype() == DType.F32 ? DType.F32 : policy.cacheType();
      var evaluation = StudyConfig.paper().evaluation();
      int tokens = StudyCost.length(model) + evaluation.maxNewTokens();
      var blocks = model.transformer().blocks();
      long sequence = blocks.stream().mapToLong(b -> b.mixer().kept().bytes(type, tokens)).sum();
      long sequences =
          Math.clamp(policy.cacheBytes() / Math.max(1, sequence), 1, evaluation.batchSize());
      return sequences
          * IntStream.range(0, blocks.size())
              .filter(layer -> placement.block(layer).equals(device))
              .mapToLong(layer -> blocks.get(layer).mixer().kept().bytes(type, tokens))
              .sum();
    }

    private long batch(Placement placement, DevicePolicy policy, Device device) {
      var shape = model.config();
      long between =
          policy.between() == Between.FLOAT32 ? FLOAT_BYTES : model.transformer().dtype().bytes();
      long row =
          (long) STREAMS * FLOAT_BYTES * shape.dModel()
              + COPIES
                  * between
                  * (COPIES * (long) shape.dMlp()
                      + (shape.nHeads() + 2L * shape.nKvHeads()) * shape.dHead());
      long rows = policy.batchTokens();
      long last = Math.max(1, rows / StudyCost.length(model));
      long logits = device.equals(placement.last()) ? last * shape.dVocab() * FLOAT_BYTES : 0;
      return rows * row + COPIES * logits;
    }

    private long memory(Device device) {
      return cards.stream()
          .filter(card -> card.device().equals(device))
          .mapToLong(Card::bytes)
          .findFirst()
          .orElse(hostMemory);
    }
  }
}
