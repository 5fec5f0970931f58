package dev.demur.lab.policy;

import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.FileMetadata;
import dev.demur.lab.direction.Provenance;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// A policy on disk: one safetensors file with the numbers of its ingredients as tensors, its line
/// and what its names stand for in the metadata. docs/formats.md lists the keys.
///
/// @param policy the policy
/// @param provenance the model it was made for, where that is known
public record PolicyFile(Policy policy, Optional<Provenance> provenance) {

  private static final String FORMAT = "demur-policy";

  /// What earlier versions wrote: one intervention along one direction.
  private static final String EARLIER = "demur-intervention";

  /// Raised when a key changes its meaning.
  private static final int VERSION = 1;

  private static final String LINE = "policy";

  /// Writes a file, whole or not at all.
  ///
  /// @throws IOException if the folder is missing or cannot be written to
  public void write(Path file) throws IOException {
    try (var writer = SafetensorsWriter.create(file)) {
      writer.metadata("format", FORMAT);
      writer.metadata("format_version", String.valueOf(VERSION));
      writer.metadata(LINE, policy.toString());
      writer.metadata(
          "layer_numbering", "index of the block, from 0; hook_resid_pre is what enters the block");
      writer.metadata("position_numbering", "from the end of the prompt; -1 is the last token");
      IngredientTable.write(policy.ingredients(), writer);
      if (provenance.isPresent()) {
        provenance.get().describe(writer);
      }
      writer.finish();
    }
  }

  /// Reads a file and checks all it says. Reads interventions of earlier versions as well.
  ///
  /// @throws ModelFormatException if it is not a policy file, or not a sound one
  public static PolicyFile read(Path file) throws IOException {
    try (var stored = Safetensors.open(file)) {
      var metadata = new FileMetadata(file, stored.metadata());
      try {
        if (metadata.text("format").equals(EARLIER)) {
          metadata.requireVersion(VERSION);
          return new PolicyFile(earlier(metadata, stored), Optional.empty());
        }
        metadata.require("format", FORMAT);
        metadata.requireVersion(VERSION);
        var names = Names.of(IngredientTable.read(metadata, stored));
        var provenance =
            metadata.pairs().containsKey("model")
                ? Optional.of(Provenance.of(metadata))
                : Optional.<Provenance>empty();
        return new PolicyFile(Policy.parse(metadata.text(LINE), names), provenance);
      } catch (IllegalArgumentException e) {
        throw new ModelFormatException(
            file, "is not a sound policy: " + e.getMessage() + "; write it anew", e);
      }
    }
  }

  /// Whether a file says that it is a policy, or an intervention of an earlier version.
  public static boolean isOne(Path file) throws IOException {
    try (var stored = Safetensors.open(file)) {
      String format = stored.metadata().getOrDefault("format", "");
      return format.equals(FORMAT) || format.equals(EARLIER);
    }
  }

  private static Policy earlier(FileMetadata metadata, Safetensors stored) throws IOException {
    String kind = metadata.text("kind");
    return switch (kind) {
      case "none" -> Policy.none();
      case "ablation" -> Policy.ablation(DirectionFile.direction(metadata, stored));
      case "addition" ->
          Policy.addition(
              DirectionFile.direction(metadata, stored), metadata.number("coefficient"));
      case "clamp" ->
          Policy.clamp(DirectionFile.direction(metadata, stored), metadata.number("target"));
      default -> throw metadata.wrong("kind", kind, "none, ablation, addition or clamp");
    };
  }

  /// What speaks against using the policy on a model with these weights, in one sentence.
  ///
  /// @param weightsSha256 hash of the model's weight files
  public Optional<String> doubt(String model, String weightsSha256) {
    return provenance
        .filter(from -> !from.weightsSha256().equals(weightsSha256))
        .map(
            from ->
                "the policy was made for "
                    + from.model()
                    + ", whose weights differ from those of "
                    + model);
  }
}
