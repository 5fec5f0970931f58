package dev.demur.model.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Where Demur keeps what can be made or fetched again.
public final class UserCache {

  private static final Logger LOG = System.getLogger(UserCache.class.getName());

  private static final AtomicReference<Optional<Path>> FOR_THIS_RUN =
      new AtomicReference<>(Optional.empty());

  private UserCache() {}

  /// `$XDG_CACHE_HOME/demur`, else `~/.cache/demur`, made where it is missing. Services and
  /// containers may have no home, or one that cannot be written: they get a folder of this run's
  /// own, readable by its owner only and deleted when the process ends.
  ///
  /// @throws UncheckedIOException if there is no folder for temporary files either
  public static Path folder() {
    return wanted(System.getenv(), UserHome.named())
        .flatMap(UserCache::usable)
        .orElseGet(UserCache::ofThisRun);
  }

  static Optional<Path> wanted(Map<String, String> environment, Path home) {
    String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
    if (!shared.isBlank()) {
      return Optional.of(Path.of(shared, "demur"));
    }
    return UserHome.isKnown(home) ? Optional.of(home.resolve(".cache/demur")) : Optional.empty();
  }

  /// The folder, if it can be made and written to.
  private static Optional<Path> usable(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new UncheckedIOException(
          new IOException(
              folder + ": is a file, expected the folder of Demur's cache; move it away", e));
    } catch (IOException _) {
      return Optional.empty(); // said below, once
    }
    return Files.isWritable(folder) ? Optional.of(folder) : Optional.empty();
  }

  private static synchronized Path ofThisRun() {
    var known = FOR_THIS_RUN.get();
    if (known.isPresent()) {
      return known.get();
    }
    try {
      Path folder = RunOwnFolder.make();
      FOR_THIS_RUN.set(Optional.of(folder));
      LOG.log(
          Level.WARNING,
          "There is no home folder that can be written, so native libraries are unpacked and the"
              + " cache is filled for this run only, in "
              + folder
              + ". Set XDG_CACHE_HOME to a folder of your own to keep them.");
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(
          new IOException(
              "neither a home folder nor a folder for temporary files can be written ("
                  + e.getMessage()
                  + "); set XDG_CACHE_HOME to a folder of your own",
              e));
    }
  }
}
