package dev.demur.model.hub;

import java.util.Optional;
import java.util.regex.Pattern;

/// A model's name on the hub.
///
/// @param org user or organisation
/// @param name the model's own name
public record HubId(String org, String name) {

  private static final Pattern PART = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,95}");

  public HubId {
    if (!isPart(org) || !isPart(name)) {
      throw new IllegalArgumentException(
          "\"" + org + "/" + name + "\" is not a name on the hub, expected org/name");
    }
  }

  /// Reads `org/name`; empty when the text is something else.
  public static Optional<HubId> parse(String text) {
    String[] parts = text.split("/", -1);
    return parts.length == 2 && isPart(parts[0]) && isPart(parts[1])
        ? Optional.of(new HubId(parts[0], parts[1]))
        : Optional.empty();
  }

  private static boolean isPart(String text) {
    return PART.matcher(text).matches() && !text.contains("..") && !text.contains("--");
  }

  @Override
  public String toString() {
    return org + "/" + name;
  }
}
