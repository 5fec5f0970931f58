package dev.demur.lab.direction;

import dev.demur.lab.LabRemedy;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.remedy.RequestException;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A direction on disk: `direction.safetensors`.
///
/// Two float32 tensors `[d_model]`: `direction`, of length 1, and `direction_raw`, the difference
/// of means. The metadata says what they are for, so that no reader has to guess: operation, hook
/// point, layer numbering, position, norm, and the model they belong to. Values are strings, as
/// safetensors wants them; docs/formats.md lists them.
///
/// @param direction the direction
/// @param operations what it can be used for
/// @param provenance where it comes from
public record DirectionFile(Direction direction, Set<Operation> operations, Provenance provenance) {

  /// What `format` says in the metadata.
  static final String FORMAT = "demur-direction";

  /// Raised when a key changes its meaning.
  private static final int VERSION = 1;

  private static final String UNIT = "direction";
  private static final String RAW = "direction_raw";

  /// No model is nearly this wide; a file that says so is wrong.
  private static final long MAX_D_MODEL = 1 << 20;

  public DirectionFile {
    operations = Set.copyOf(operations);
    if (operations.isEmpty()) {
      throw new IllegalArgumentException("a direction must be for something");
    }
  }

  /// A difference of means, which serves both operations.
  public DirectionFile(Direction direction, Provenance provenance) {
    this(direction, EnumSet.allOf(Operation.class), provenance);
  }

  /// Writes a file, whole or not at all.
  ///
  /// @throws IOException if the folder is missing or cannot be written to
  public void write(Path file) throws IOException {
    try (var writer = SafetensorsWriter.create(file, 2)) {
      writer.metadata("format", FORMAT);
      writer.metadata("format_version", String.valueOf(VERSION));
      writer.metadata("operations", Operation.text(operations));
      writer.metadata(
          "ablation",
          "x - (x . direction) direction at hook_resid_pre, hook_attn_out and hook_mlp_out of every"
              + " layer, every token");
      writer.metadata(
          "addition", "x + coefficient * direction_raw at hook_point, every token; usually 1");
      describe(direction, writer);
      provenance.describe(writer);
      writer.write(RAW, direction.raw());
      writer.finish();
    }
  }

  /// Writes a direction into a file of any kind: its numbers as the tensor `direction`, the rest of
  /// it into the metadata.
  public static void describe(Direction direction, SafetensorsWriter writer) throws IOException {
    writer.metadata("hook_point", direction.source().toString());
    writer.metadata("site", direction.source().site().text());
    writer.metadata("layer", String.valueOf(direction.source().layer()));
    writer.metadata(
        "layer_numbering", "index of the block, from 0; hook_resid_pre is what enters the block");
    writer.metadata("position", String.valueOf(direction.position()));
    writer.metadata("position_numbering", "from the end of the prompt; -1 is the last token");
    writer.metadata("norm", String.valueOf(direction.norm()));
    writer.metadata("d_model", String.valueOf(direction.dModel()));
    writer.write(UNIT, direction.unit().to(DType.F32));
  }

  /// Reads a file and checks all it says.
  ///
  /// @throws ModelFormatException if it is not a direction file, or not a sound one
  public static DirectionFile read(Path file) throws IOException {
    try (var stored = Safetensors.open(file)) {
      var metadata = new FileMetadata(file, stored.metadata());
      metadata.require("format", FORMAT);
      metadata.requireVersion(VERSION);
      try {
        return new DirectionFile(
            direction(metadata, stored),
            Operation.parse(metadata.text("operations")),
            Provenance.of(metadata));
      } catch (IllegalArgumentException e) {
        throw new ModelFormatException(
            file, "is not a sound direction: " + e.getMessage() + "; make it anew", e);
      }
    }
  }

  /// Reads what [#describe] wrote.
  ///
  /// @throws ModelFormatException if a key is missing or the tensor is not a vector
  /// @throws IllegalArgumentException if the values are not those of a direction
  public static Direction direction(FileMetadata metadata, Safetensors stored) throws IOException {
    return new Direction(
        vector(metadata.file(), stored),
        metadata.number("norm"),
        HookPoint.parse(metadata.text("hook_point")),
        metadata.integer("position"));
  }

  private static Tensor vector(Path file, Safetensors stored) throws IOException {
    var info = stored.info(UNIT);
    if (!info.type().equals("F32") || info.shape().size() != 1) {
      throw new ModelFormatException(
          file, "tensor direction is " + info + ", expected F32 of one dimension");
    }
    long width = info.shape().getFirst();
    if (width < 1 || width > MAX_D_MODEL) {
      throw new ModelFormatException(
          file, "direction has " + width + " components, expected 1 to " + MAX_D_MODEL);
    }
    return Tensor.of(FileMetadata.floats(stored.bytes(UNIT)), width);
  }

  /// Makes sure the direction can be used on a model of this shape.
  ///
  /// @throws IllegalArgumentException if the stream has another width or there is no such layer
  public void requireFits(String model, int dModel, int layers) {
    if (direction.dModel() != dModel) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the direction has %d components, but the stream of %s is %d wide; it belongs to %s",
              direction.dModel(),
              model,
              dModel,
              provenance.model()));
    }
    if (direction.source().layer() >= layers) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the direction was read at %s, but %s has %d layers; it belongs to %s",
              direction.source(),
              model,
              layers,
              provenance.model()));
    }
  }

  /// Makes sure the direction is for this.
  ///
  /// @throws IllegalArgumentException if it is not
  public void requireFor(Operation operation) {
    if (!operations.contains(operation)) {
      throw new RequestException(
          "the direction was imported for %s, not for %s; import it again for %s"
              .formatted(Operation.text(operations), operation.text(), operation.text()),
          List.of(LabRemedy.SAY_OPERATION));
    }
  }

  /// What speaks against using the direction on a model with these weights, in one sentence.
  ///
  /// @param weightsSha256 hash of the model's weight files
  public Optional<String> doubt(String model, String weightsSha256) {
    if (provenance.weightsSha256().equals(Provenance.UNKNOWN)) {
      return Optional.of("it is not known in which weights the direction was found");
    }
    return provenance.weightsSha256().equals(weightsSha256)
        ? Optional.empty()
        : Optional.of(
            "the direction was found in %s, whose weights differ from those of %s"
                .formatted(provenance.model(), model));
  }
}
