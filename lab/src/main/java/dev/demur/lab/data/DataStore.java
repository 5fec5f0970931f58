package dev.demur.lab.data;

import dev.demur.lab.LabRemedy;
import dev.demur.lab.data.StoredFile.State;
import dev.demur.lab.rows.DataFormatException;
import dev.demur.model.hub.ContentHash;
import dev.demur.model.hub.WebFiles;
import dev.demur.model.local.UserHome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The folder where published sets are kept: one subfolder each.
///
/// @param root need not exist
public record DataStore(Path root) {

  /// The largest published file has about 12 MB.
  private static final long MAX_BYTES = 200_000_000;

  /// How deep files are looked for in a folder that was copied here by hand.
  private static final int MAX_DEPTH = 6;

  /// The folder that `DEMUR_DATA_HOME`, else `$XDG_CACHE_HOME/demur/data`, else
  /// `~/.cache/demur/data` names.
  public static DataStore ofEnvironment() {
    return of(System.getenv(), UserHome.named());
  }

  static DataStore of(Map<String, String> environment, Path home) {
    String own = environment.getOrDefault("DEMUR_DATA_HOME", "");
    if (!own.isBlank()) {
      return new DataStore(Path.of(own));
    }
    String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path base = caches.isBlank() ? UserHome.required(home).resolve(".cache") : Path.of(caches);
    return new DataStore(base.resolve("demur").resolve("data"));
  }

  /// Where a set's files are, or would be.
  public Path folder(Dataset set) {
    return root.resolve(set.name());
  }

  /// What of a set is here; nothing is computed.
  public List<StoredFile> list(Dataset set) {
    return set.files().stream()
        .map(
            file ->
                Files.isRegularFile(path(set, file))
                    ? stored(set, file, State.PRESENT, "", "")
                    : stored(set, file, State.ABSENT, "", ""))
        .toList();
  }

  /// Computes every hash anew.
  ///
  /// @throws DataFormatException if the hashes that were written down cannot be read
  public List<StoredFile> verify(Dataset set) throws IOException {
    var files = new ArrayList<StoredFile>();
    for (var file : set.files()) {
      files.add(check(set, file));
    }
    return files;
  }

  private StoredFile check(Dataset set, DatasetFile file) throws IOException {
    Path path = path(set, file);
    if (!Files.isRegularFile(path)) {
      return stored(set, file, State.ABSENT, "", "");
    }
    String found = sha256(path);
    var expected = pins(set).expected(file);
    if (expected.isEmpty()) {
      return stored(
          set,
          file,
          State.DAMAGED,
          found,
          "nothing says what it must be; delete it and pull again");
    }
    return expected.get().equals(found)
        ? stored(set, file, State.SOUND, found, "")
        : stored(
            set,
            file,
            State.DAMAGED,
            found,
            "expected %s, found %s; pull it again".formatted(expected.get(), found));
  }

  /// Fetches what is not here, or not what it must be.
  ///
  /// @throws DataFormatException if what comes is not what was published; nothing is kept then
  /// @throws IOException if it cannot be fetched or written
  public List<StoredFile> pull(Dataset set, WebFiles web) throws IOException {
    var files = new ArrayList<StoredFile>();
    for (var file : set.files()) {
      var here = check(set, file);
      files.add(here.state() == State.SOUND ? here : fetch(set, file, web));
    }
    return files;
  }

  private StoredFile fetch(Dataset set, DatasetFile file, WebFiles web) throws IOException {
    URI address =
        switch (file.source()) {
          case Source.Web(var uri) -> uri;
          case Source.ByHand(var how) ->
              throw new DataFormatException(
                  path(set, file),
                  how + ", then import " + set.name() + " from the folder it is in",
                  List.of(LabRemedy.IMPORT_DATA));
        };
    Path part = part(set, file);
    String name = set.name() + "/" + file.name();
    String found = web.fetch(name, address, part, MAX_BYTES).hex();
    return keep(set, file, part, found, address.toString());
  }

  /// Takes a set's files out of a folder, wherever in it they are; some may be missing.
  ///
  /// @throws DataFormatException if none is there, or one is not what was published
  public List<StoredFile> importFrom(Dataset set, Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new DataFormatException(folder, "is not a folder; name the one that holds the files");
    }
    var files = new ArrayList<StoredFile>();
    int taken = 0;
    for (var file : set.files()) {
      var found = find(set, file, folder);
      taken += found.isPresent() ? 1 : 0;
      files.add(found.isPresent() ? take(set, file, found.get()) : check(set, file));
    }
    if (taken == 0) {
      throw new DataFormatException(
          folder,
          "holds no file of "
              + set.name()
              + "; expected "
              + String.join(", ", set.files().stream().map(DatasetFile::baseName).toList()));
    }
    return files;
  }

  private StoredFile take(Dataset set, DatasetFile file, Path from) throws IOException {
    Path part = part(set, file);
    Files.createDirectories(part.getParent());
    Files.copy(from, part, StandardCopyOption.REPLACE_EXISTING);
    return keep(set, file, part, sha256(part), from.toString());
  }

  /// The file of that name; of several, the one with the right hash.
  private Optional<Path> find(Dataset set, DatasetFile file, Path folder) throws IOException {
    List<Path> candidates;
    try (Stream<Path> walk = Files.walk(folder, MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
      candidates =
          walk.filter(Files::isRegularFile)
              .filter(path -> file.baseName().equals(String.valueOf(path.getFileName())))
              .sorted()
              .toList();
    }
    var expected = pins(set).expected(file);
    for (Path candidate : candidates) {
      if (expected.isPresent() && expected.get().equals(sha256(candidate))) {
        return Optional.of(candidate);
      }
    }
    if (candidates.size() > 1 && expected.isEmpty()) {
      throw new DataFormatException(
          folder, "holds several files " + file.baseName() + "; name the folder of one");
    }
    return candidates.stream().findFirst();
  }

  private StoredFile keep(Dataset set, DatasetFile file, Path part, String found, String origin)
      throws IOException {
    var expected = pins(set).expected(file);
    if (expected.isPresent() && !expected.get().equals(found)) {
      Files.delete(part);
      throw new DataFormatException(
          path(set, file),
          "%s has SHA-256 %s, expected %s; nothing is kept. If its authors changed it, import the old file from a folder"
              .formatted(origin, found, expected.get()),
          List.of(LabRemedy.IMPORT_DATA));
    }
    Files.move(
        part, path(set, file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    if (file.pin() instanceof Pin.OnFirstPull && expected.isEmpty()) {
      pins(set).add(file, found);
      return stored(
          set,
          file,
          State.PINNED,
          found,
          "this version knows no hash for it; this one is expected from now on");
    }
    return stored(set, file, State.FETCHED, found, "");
  }

  private StoredFile stored(
      Dataset set, DatasetFile file, State state, String sha256, String detail) {
    return new StoredFile(file, path(set, file), state, sha256, detail);
  }

  private Path path(Dataset set, DatasetFile file) {
    return folder(set).resolve(file.name());
  }

  private Path part(Dataset set, DatasetFile file) {
    return folder(set).resolve(file.name() + ".incomplete");
  }

  private Pins pins(Dataset set) {
    return new Pins(folder(set).resolve("pins.json"));
  }

  private static String sha256(Path file) throws IOException {
    return ContentHash.of(file, ContentHash.Kind.SHA256).hex();
  }
}
