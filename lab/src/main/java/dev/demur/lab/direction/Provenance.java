package dev.demur.lab.direction;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.safetensors.SafetensorsWriter;

/// Where values in a file come from.
///
/// @param model the model's name, for people
/// @param weightsSha256 of its weight files
/// @param templateSha256 of its chat template's source
/// @param tool who wrote the file, for example `demur 0.1.0`
public record Provenance(String model, String weightsSha256, String templateSha256, String tool) {

  /// Stands for a name or hash that nobody told.
  public static final String UNKNOWN = "unknown";

  /// Writes it into a file's metadata.
  public void describe(SafetensorsWriter writer) {
    writer.metadata("model", model);
    writer.metadata("model_sha256", weightsSha256);
    writer.metadata("template_sha256", templateSha256);
    writer.metadata("tool", tool);
  }

  /// Reads what [#describe] wrote.
  ///
  /// @throws ModelFormatException if a key is missing
  public static Provenance of(FileMetadata metadata) throws ModelFormatException {
    return new Provenance(
        metadata.text("model"),
        metadata.text("model_sha256"),
        metadata.text("template_sha256"),
        metadata.text("tool"));
  }
}
