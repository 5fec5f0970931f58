package dev.demur.serve.registry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/// What was done to the model for one answer: enough to do it again.
///
/// @param version of this form
/// @param policy the line, printed back
/// @param directions SHA-256 of the numbers of each name it uses or reads
/// @param model its name
/// @param weightsSha256 of its weight files
/// @param relativeDose largest addition, in lengths of the stream; absent where nothing is added
public record Done(
    int version,
    String policy,
    Map<String, String> directions,
    String model,
    String weightsSha256,
    OptionalDouble relativeDose) {

  /// Raised when a reader of the old form would misread the new.
  public static final int VERSION = 1;

  public Done {
    directions = new LinkedHashMap<>(directions);
  }
}
