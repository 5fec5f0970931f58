package dev.demur.lab.edit;

import dev.demur.lab.Sha256;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Provenance;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.model.local.RegularFile;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// What to write into a checkpoint, and where the direction comes from.
///
/// @param edit what to do
/// @param tying what becomes of a tied unembedding
/// @param storing what becomes of edited tensors whose type cannot be written
/// @param direction where the direction comes from
/// @param tool who writes, for example `demur 0.1.0`
public record EditRequest(
    WeightEdit edit, Tying tying, Storing storing, DirectionOrigin direction, String tool) {

  /// Where a direction comes from.
  ///
  /// @param sha256 of the file it was read from
  /// @param provenance what that file says
  /// @param projectedOff μ̂, the mean of harmless prompts at length 1, that was taken out of the
  ///   direction; empty where nothing was
  public record DirectionOrigin(String sha256, Provenance provenance, List<Double> projectedOff) {

    public DirectionOrigin {
      projectedOff = List.copyOf(projectedOff);
    }

    /// The origin of a direction that was read from this file.
    public static DirectionOrigin of(Path file, DirectionFile stored) throws IOException {
      return new DirectionOrigin(
          Sha256.of(RegularFile.bytes(file)), stored.provenance(), List.of());
    }

    /// The same of a direction out of which a mean was taken.
    ///
    /// @param mean μ, `[d_model]`
    public DirectionOrigin without(Tensor mean) {
      var hat = mean.to(DType.F64);
      return new DirectionOrigin(
          sha256,
          provenance,
          Arrays.stream(hat.times(1 / hat.norm()).toDoubles()).boxed().toList());
    }
  }
}
