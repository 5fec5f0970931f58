package dev.demur.model.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// The home folder of the user, which services and containers may not have.
public final class UserHome {

  private UserHome() {}

  /// What Java calls the home; `?` or empty where there is none.
  public static Path named() {
    return Path.of(System.getProperty("user.home", ""));
  }

  /// Whether this is a home and not Java's word for none.
  public static boolean isKnown(Path home) {
    return home.isAbsolute();
  }

  /// The home, where something is looked for in it.
  ///
  /// @throws UncheckedIOException if there is none
  public static Path required(Path home) {
    if (!isKnown(home)) {
      throw new UncheckedIOException(
          new IOException(
              "this user has no home folder; set XDG_CACHE_HOME, or HF_HOME for models and"
                  + " DEMUR_DATA_HOME for data"));
    }
    return home;
  }
}
