package dev.demur.lab.study;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.PromptActivations;
import dev.demur.model.ChatModel;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// What one pass of the unedited model over a prompt set gave: last-position logits and, for
/// extraction, the stream at the EOI tokens. One pass serves screening and extraction alike.
///
/// Both lie where the model's last block does.
///
/// @param logits `[prompt, d_vocab]`, float32
/// @param activations `[prompt, pos, layer, d_model]`, float32; no positions when not asked for
record Reading(Tensor logits, Tensor activations) {

  /// Reads prompts.
  ///
  /// @param positions EOI tokens at which the stream is kept, counted from the end
  static Reading of(ChatModel model, List<Prompt> prompts, int positions) {
    return of(model.forward(), tokens(prompts), positions);
  }

  private static Reading of(Forward forward, List<TokenIds> prompts, int positions) {
    if (positions == 0) {
      return withoutActivations(forward.lastLogits(prompts, HookPlan.none()));
    }
    var read = PromptActivations.onDevice(forward, prompts, positions, HookPlan.none());
    return new Reading(read.logits(), read.values());
  }

  private static Reading withoutActivations(Tensor logits) {
    return new Reading(logits, Tensor.zeros(DType.F32, logits.dim(0), 0, 0, 0));
  }

  /// The stream of some of the prompts at one place, float64 `[n, d_model]`.
  Tensor at(Candidate place, List<Integer> prompts) {
    long position = activations.dim(1) + place.position();
    return activations
        .narrow(1, position, 1)
        .narrow(2, place.layer(), 1)
        .rows(Tensor.ofIndices(prompts.stream().mapToInt(Integer::intValue)))
        .reshape(prompts.size(), activations.dim(3))
        .to(DType.F64);
  }

  static List<TokenIds> tokens(List<Prompt> prompts) {
    return prompts.stream().map(Prompt::tokens).toList();
  }

  /// Logits of some of the prompts, `[n, d_vocab]`.
  Tensor logits(List<Integer> prompts) {
    return logits.rows(Tensor.ofIndices(prompts.stream().mapToInt(Integer::intValue)));
  }

  /// Mean activations of some of the prompts, float64 `[pos, layer, d_model]`.
  Tensor mean(List<Integer> prompts) {
    return PromptActivations.mean(activations, prompts);
  }

  static Reading read(Path file) throws IOException {
    try (var stored = Safetensors.open(file)) {
      var logits = tensor(stored, "logits");
      return stored.names().contains("activations")
          ? new Reading(logits, tensor(stored, "activations"))
          : withoutActivations(logits);
    }
  }

  private static Tensor tensor(Safetensors stored, String name) throws IOException {
    long[] shape = stored.info(name).shape().stream().mapToLong(Long::longValue).toArray();
    return Tensor.map(stored.bytes(name), DType.F32, shape).copy();
  }

  void write(Path file) throws IOException {
    try (var writer = SafetensorsWriter.create(file)) {
      writer.write("logits", logits);
      if (activations.elements() > 0) {
        writer.write("activations", activations);
      }
      writer.finish();
    }
  }

  /// All prompts of the reading, in order.
  List<Integer> all() {
    return IntStream.range(0, Math.toIntExact(logits.dim(0))).boxed().toList();
  }
}
