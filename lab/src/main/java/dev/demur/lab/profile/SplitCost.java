package dev.demur.lab.profile;

import dev.demur.model.ChatModel;
import dev.demur.model.DeviceChoice;
import dev.demur.model.arch.Linear;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/// What it costs that a model's blocks lie on several devices: one computes after the other, and
/// what the host has is computed at the host's rate.
///
/// @param placement which blocks lie where
/// @param blocks how many there are
/// @param onHost how many of them the host computes
/// @param hostBytes what the host's part takes in memory
/// @param hostSeconds what the host's part of one written token takes, from a product of a matrix
///   of the model's size, measured now
public record SplitCost(
    String placement, int blocks, int onHost, long hostBytes, double hostSeconds) {

  private static final int MAX_WIDTH = 4096;
  private static final double GIGA = 1e9;

  /// The cost; empty for a model on one device.
  public static Optional<SplitCost> of(ChatModel model) throws IOException {
    var transformer = model.transformer();
    var placement = transformer.holding().placement();
    int blocks = model.config().nLayers();
    var devices = placement.blocks(blocks);
    if (devices.stream().distinct().count() < 2) {
      return Optional.empty();
    }
    int onHost = Math.toIntExact(devices.stream().filter(Device::isHost).count());
    var taken = placement.taken(DeviceChoice.sizes(model.files(), transformer.dtype()));
    long bytes = taken.getOrDefault(Device.CPU, 0L);
    double numbers = (double) bytes / transformer.dtype().bytes();
    double seconds = onHost == 0 ? 0 : numbers / matrixNumbersASecond(model);
    return Optional.of(new SplitCost(placement.toString(), blocks, onHost, bytes, seconds));
  }

  /// Numbers of a matrix that the host multiplies with a single row in a second.
  private static double matrixNumbersASecond(ChatModel model) {
    int in = Math.min(MAX_WIDTH, model.config().dModel());
    int out = Math.min(MAX_WIDTH, model.config().dMlp());
    try (var _ = Scope.open();
        var _ = Torch.inference()) {
      var random = new SplittableRandom(1);
      var weight = Tensor.gaussian(random, out, in).to(model.transformer().dtype());
      var row = Tensor.gaussian(random, 1, in).to(DType.F32);
      return SpeedProbe.rate(new Linear(weight, Optional.empty()), row) / 2;
    }
  }

  /// For people, in one sentence.
  public String text(String model) {
    String where = model + " lies on " + placement + "; ";
    return onHost == 0
        ? where + "one card computes after the other, so they are no faster than one that had room"
        : where
            + String.format(
                Locale.ROOT,
                "the host computes %d of %d blocks, %.1f GB, about %.2f s for every token written",
                onHost,
                blocks,
                hostBytes / GIGA,
                hostSeconds);
  }
}
