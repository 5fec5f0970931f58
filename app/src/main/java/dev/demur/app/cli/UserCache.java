package dev.demur.app.cli;

import java.nio.file.Path;

/// Where Demur keeps what can be made or fetched again.
public final class UserCache {

  private UserCache() {}

  /// `$XDG_CACHE_HOME/demur`, else `~/.cache/demur`.
  public static Path folder() {
    String shared = System.getenv("XDG_CACHE_HOME");
    Path cache =
        shared == null || shared.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(shared);
    return cache.resolve("demur");
  }
}
