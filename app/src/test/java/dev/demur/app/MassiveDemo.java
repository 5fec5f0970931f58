package dev.demur.app;

import dev.demur.lab.direction.PromptActivations;
import dev.demur.lab.prompts.ReleasedLayout;
import dev.demur.lab.prompts.Split;
import dev.demur.model.ChatModel;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The embedded model with a massive coordinate planted.
///
/// One coordinate is [#SIZE] at every token, some 1,500 times the median one. Every block writes
/// into it [#COPY] times what it writes along the refusal direction, so that it holds nearly all of
/// the difference between harmful and harmless prompts. Nothing reads it: the norms' weights are 0
/// there. The norms now divide by it rather than by the rest, so their other weights grow by as
/// much: the model goes on refusing, if less surely than before. That is what massive activations
/// are in real models, too: a constant that norms lean on.
public final class MassiveDemo {

  /// The coordinate; any will do, its own content is lost.
  public static final int COORDINATE = 42;

  private static final double SIZE = 2000;
  private static final double COPY = 5;

  /// Layer of the direction that the demo's study selects.
  private static final int LAYER = 5;

  private static final int PROMPTS = 16;

  private final int layers;
  private final int width;
  private final double[] direction;

  /// Typical root mean square of a coordinate of the stream entering each layer, and of the last.
  private final double[] typical;

  private MassiveDemo(ChatModel demo) throws IOException {
    layers = demo.config().nLayers();
    width = demo.config().dModel();
    direction = DemoDirection.of(demo, LAYER).unit().toDoubles();
    direction[COORDINATE] = 0;
    typical = typical(demo);
  }

  /// Writes the model to `folder`.
  public static void write(Path folder) throws IOException {
    Path demo = DemoModel.prompts().resolveSibling("chat");
    Files.createDirectories(folder);
    try (var files = Files.list(demo)) {
      for (var file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Path weights = folder.resolve("model.safetensors");
    Files.delete(weights);
    try (var _ = Scope.open();
        var model = ChatModel.load(demo.toString());
        var stored = Safetensors.open(demo.resolve("model.safetensors"));
        var writer = SafetensorsWriter.create(weights)) {
      var planting = new MassiveDemo(model);
      for (var name : stored.names()) {
        long[] shape = stored.info(name).shape().stream().mapToLong(Long::longValue).toArray();
        var tensor = Tensor.map(stored.bytes(name), DType.BF16, shape);
        writer.write(name, planting.planted(name, tensor).to(DType.F32));
      }
      writer.finish();
    }
  }

  private double[] typical(ChatModel demo) throws IOException {
    var layout = ReleasedLayout.at(DemoModel.prompts());
    var texts = layout.harmful(Split.TRAIN).instructions().subList(0, PROMPTS);
    var prompts = texts.stream().map(text -> demo.prompt(text).tokens()).toList();
    int positions = demo.prompts().eoiTokens().size();
    var kept = PromptActivations.of(demo.forward(), prompts, positions, HookPlan.none());
    double[] rms = kept.values().square().mean(3).sqrt().to(DType.F64).mean(0).mean(0).toDoubles();
    double[] all = new double[layers + 1];
    System.arraycopy(rms, 0, all, 0, layers);
    all[layers] = 2 * rms[layers - 1] - rms[layers - 2];
    return all;
  }

  private Tensor planted(String name, Tensor stored) {
    double[] values = stored.to(DType.F64).toDoubles();
    if (name.endsWith("norm.weight")) {
      weighNorm(values, rms(name));
    } else if (name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight")) {
      copyDirection(values);
    } else if (name.endsWith("embed_tokens.weight")) {
      for (int i = COORDINATE; i < values.length; i += width) {
        values[i] = SIZE;
      }
    }
    long[] shape = stored.shape().stream().mapToLong(Long::longValue).toArray();
    return Tensor.ofDoubles(values, shape);
  }

  /// What a norm used to divide by, about.
  private double rms(String norm) {
    var parts = List.of(norm.split("\\."));
    if (!parts.contains("layers")) {
      return typical[layers];
    }
    int layer = Integer.parseInt(parts.get(parts.indexOf("layers") + 1));
    return parts.contains("input_layernorm")
        ? typical[layer]
        : (typical[layer] + typical[layer + 1]) / 2;
  }

  private void weighNorm(double[] weight, double rms) {
    double now = Math.sqrt(SIZE * SIZE / width + rms * rms);
    for (int i = 0; i < weight.length; i++) {
      weight[i] *= i == COORDINATE ? 0 : now / rms;
    }
  }

  /// Row `COORDINATE` of `[d_model, in]` becomes what the matrix writes along the direction.
  private void copyDirection(double[] matrix) {
    int in = matrix.length / width;
    for (int column = 0; column < in; column++) {
      double along = 0;
      for (int row = 0; row < width; row++) {
        along += direction[row] * matrix[row * in + column];
      }
      matrix[COORDINATE * in + column] = COPY * along;
    }
  }
}
