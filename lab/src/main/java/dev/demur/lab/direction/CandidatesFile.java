package dev.demur.lab.direction;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Every difference of means on disk: `candidates.safetensors`, one float64 tensor `mean_diffs`
/// `[pos, layer, d_model]`; the last position is −1.
///
/// @param grid the differences of means
/// @param eoiTokens the template's tokens after the instruction, in order; the positions
/// @param provenance where it comes from
public record CandidatesFile(CandidateGrid grid, List<String> eoiTokens, Provenance provenance) {

  /// What `format` says in the metadata.
  static final String FORMAT = "demur-candidates";

  private static final String MEAN_DIFFS = "mean_diffs";

  public CandidatesFile {
    eoiTokens = List.copyOf(eoiTokens);
    if (eoiTokens.size() != grid.positions()) {
      throw new IllegalArgumentException(
          eoiTokens.size() + " tokens, but " + grid.positions() + " positions");
    }
  }

  /// Writes a file, whole or not at all.
  ///
  /// @throws IOException if the folder is missing or cannot be written to
  public void write(Path file) throws IOException {
    try (var writer = SafetensorsWriter.create(file, 1)) {
      writer.metadata("format", FORMAT);
      writer.metadata("format_version", "1");
      writer.metadata(
          MEAN_DIFFS,
          "mean over target prompts - mean over contrast prompts, [pos, layer, d_model]");
      writer.metadata("site", Site.RESID_PRE.text());
      writer.metadata(
          "layer_numbering", "index of the block, from 0; hook_resid_pre is what enters the block");
      writer.metadata("first_position", String.valueOf(-grid.positions()));
      writer.metadata("position_numbering", "from the end of the prompt; -1 is the last token");
      writer.metadata("position_tokens", JsonMapper.shared().writeValueAsString(eoiTokens));
      provenance.describe(writer);
      writer.write(MEAN_DIFFS, grid.meanDiffs());
      writer.finish();
    }
  }

  /// Reads a file.
  ///
  /// @throws ModelFormatException if it is not a file of candidates, or not a sound one
  public static CandidatesFile read(Path file) throws IOException {
    try (var stored = Safetensors.open(file)) {
      var metadata = new FileMetadata(file, stored.metadata());
      metadata.require("format", FORMAT);
      metadata.require("format_version", "1");
      var info = stored.info(MEAN_DIFFS);
      if (!info.type().equals("F64") || info.shape().size() != 3) {
        throw new ModelFormatException(
            file, "tensor " + MEAN_DIFFS + " is " + info + ", expected F64 [pos, layer, d_model]");
      }
      long[] shape = info.shape().stream().mapToLong(Long::longValue).toArray();
      var grid = new CandidateGrid(Tensor.map(stored.bytes(MEAN_DIFFS), DType.F64, shape).copy());
      return new CandidatesFile(grid, tokens(metadata), Provenance.of(metadata));
    } catch (IllegalArgumentException | JacksonException e) {
      throw new ModelFormatException(
          file,
          "is not a sound file of candidates: " + e.getMessage() + "; run the study again",
          e);
    }
  }

  private static List<String> tokens(FileMetadata metadata) throws ModelFormatException {
    return List.of(JsonMapper.shared().readValue(metadata.text("position_tokens"), String[].class));
  }
}
