package dev.demur.lab.edit;

import dev.demur.lab.direction.Direction;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A direction as llama.cpp's `--control-vector` takes it.
///
/// llama.cpp **adds** the vector to the stream at one layer, at every token; it cannot project, so
/// a control vector is activation addition and never ablation. It adds `direction.N` to what leaves
/// block N, which is what enters block N + 1, and has no vector for block 0: a direction read at
/// resid_pre of layer l becomes `direction.(l − 1)`, and l must be at least 2.
///
/// Source: `src/llama-adapter.cpp` and `common_control_vector_load_one` of llama.cpp.
public final class ControlVector {

  private ControlVector() {}

  /// What has to be said to whoever makes one.
  public static final String NOTE =
      "llama.cpp adds a control vector, it cannot project: this file is activation"
          + " addition at one layer, not ablation. Give a negative coefficient, or have"
          + " llama.cpp scale the file by -1, to subtract the direction.";

  /// Writes the file, whole or not at all.
  ///
  /// @param architecture `general.architecture` of the model's GGUF, a hint for people
  /// @param coefficient factor of the raw direction
  /// @throws IllegalArgumentException if the direction was read at layer 0 or 1
  /// @throws IOException if `out` exists or cannot be written
  public static void write(
      Direction direction, double coefficient, String architecture, String tool, Path out)
      throws IOException {
    PartFolder.requireNew(out);
    int block = BiasPlaces.blockBefore(direction.source());
    if (block < 1) {
      throw new IllegalArgumentException(
          "the direction is added at "
              + direction.source()
              + "; llama.cpp adds control vectors behind block 1 at the earliest, which is"
              + " blocks.2.hook_resid_pre");
    }
    var values = direction.raw().times(coefficient).contiguous();
    long width = direction.dModel();
    new GgufWriter()
        .text("general.architecture", "controlvector")
        .text("general.name", "Control vector behind block " + block + " for " + architecture)
        .text("general.description", NOTE)
        .text("controlvector.model_hint", architecture)
        .number("controlvector.layer_count", 1)
        .text("demur.tool", tool)
        .text("demur.hook_point", direction.source().toString())
        .text("demur.operation", "addition of " + coefficient + " times the raw direction")
        .tensor(
            new TensorInfo("direction." + block, "F32", List.of(width), width * Float.BYTES),
            sink -> sink.append(values.segment()))
        .write(out);
  }
}
