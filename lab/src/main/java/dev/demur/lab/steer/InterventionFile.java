package dev.demur.lab.steer;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.FileMetadata;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;

/// An intervention on disk: one safetensors file with the direction as its tensor and everything
/// else in the metadata. docs/formats.md lists the keys.
final class InterventionFile {

  private static final String FORMAT = "demur-intervention";

  /// Raised when a key changes its meaning.
  private static final int VERSION = 1;

  private static final String KIND = "kind";
  private static final String COEFFICIENT = "coefficient";
  private static final String TARGET = "target";

  private InterventionFile() {}

  static void write(Path file, Intervention intervention) throws IOException {
    try (var writer = SafetensorsWriter.create(file, 1)) {
      writer.metadata("format", FORMAT);
      writer.metadata("format_version", String.valueOf(VERSION));
      switch (intervention) {
        case Intervention.None() -> writer.metadata(KIND, "none");
        case Intervention.Ablation(var direction) -> write(writer, "ablation", direction);
        case Intervention.ActivationAddition(var direction, var coefficient) -> {
          writer.metadata(COEFFICIENT, String.valueOf(coefficient));
          write(writer, "addition", direction);
        }
        case Intervention.ProjectionClamp(var direction, var target) -> {
          writer.metadata(TARGET, String.valueOf(target));
          write(writer, "clamp", direction);
        }
      }
      writer.finish();
    }
  }

  private static void write(SafetensorsWriter writer, String kind, Direction direction)
      throws IOException {
    writer.metadata(KIND, kind);
    DirectionFile.describe(direction, writer);
  }

  static Intervention read(Path file) throws IOException {
    try (var stored = Safetensors.open(file)) {
      var metadata = new FileMetadata(file, stored.metadata());
      metadata.require("format", FORMAT);
      metadata.requireVersion(VERSION);
      try {
        return of(metadata, stored);
      } catch (IllegalArgumentException e) {
        throw new ModelFormatException(
            file, "is not a sound intervention: " + e.getMessage() + "; write it anew", e);
      }
    }
  }

  private static Intervention of(FileMetadata metadata, Safetensors stored) throws IOException {
    String kind = metadata.text(KIND);
    return switch (kind) {
      case "none" -> new Intervention.None();
      case "ablation" -> new Intervention.Ablation(DirectionFile.direction(metadata, stored));
      case "addition" ->
          new Intervention.ActivationAddition(
              DirectionFile.direction(metadata, stored), metadata.number(COEFFICIENT));
      case "clamp" ->
          new Intervention.ProjectionClamp(
              DirectionFile.direction(metadata, stored), metadata.number(TARGET));
      default -> throw metadata.wrong(KIND, kind, "none, ablation, addition or clamp");
    };
  }
}
