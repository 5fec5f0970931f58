package dev.demur.lab.direction;

import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/// `direction_metadata.json`, which the code released with Arditi et al. 2024 leaves beside a
/// `direction.pt`: the layer, from 0, and the position, from the end.
///
/// @param layer the layer it names; empty when there is no such file
/// @param position the position it names
record ReleasedMetadata(OptionalInt layer, OptionalInt position) {

  private static final String NAME = "direction_metadata.json";
  private static final String TOLD_ABOUT = "direction.pt";

  /// What lies beside a direction's file.
  ///
  /// @throws ModelFormatException if it is there and unsound
  static ReleasedMetadata beside(Path direction) throws IOException {
    Path file = direction.resolveSibling(NAME);
    boolean isTold = String.valueOf(direction.getFileName()).equals(TOLD_ABOUT);
    if (!isTold || !RegularFile.isThere(file)) {
      return new ReleasedMetadata(OptionalInt.empty(), OptionalInt.empty());
    }
    var json = BoundedJson.readObject(file);
    var layer = json.path("layer");
    var position = json.path("pos");
    if (!isWhole(layer) || layer.intValue() < 0 || !isWhole(position) || position.intValue() >= 0) {
      throw new ModelFormatException(
          file, "expected a layer from 0 and a pos below 0; fetch it again, or move it away");
    }
    return new ReleasedMetadata(
        OptionalInt.of(layer.intValue()), OptionalInt.of(position.intValue()));
  }

  private static boolean isWhole(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToInt();
  }
}
