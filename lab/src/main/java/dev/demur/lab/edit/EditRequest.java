package dev.demur.lab.edit;

import dev.demur.lab.Sha256;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Provenance;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.file.Path;

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
  public record DirectionOrigin(String sha256, Provenance provenance) {

    /// The origin of a direction that was read from this file.
    public static DirectionOrigin of(Path file, DirectionFile stored) throws IOException {
      return new DirectionOrigin(Sha256.of(RegularFile.bytes(file)), stored.provenance());
    }
  }
}
