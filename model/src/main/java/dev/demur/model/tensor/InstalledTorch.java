package dev.demur.model.tensor;

import dev.demur.model.local.NativeFolder;
import dev.demur.model.local.RegularFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A PyTorch that pip or conda installed, whose libraries can stand in for the bundled libtorch:
/// they bring CUDA, which the bundled one lacks.
///
/// @param folder the package, `…/site-packages/torch`
/// @param version as its `version.py` says, such as `2.11.0+cu130`
public record InstalledTorch(Path folder, String version) {

  /// The versions whose libraries have every function the bindings call: 2.15 lacks 189 of them.
  private static final Pattern FITTING = Pattern.compile("2\\.1[01]\\.\\d+(?:\\+.*)?");

  private static final Pattern VERSION =
      Pattern.compile("__version__\\s*=\\s*['\"]([0-9][0-9A-Za-z.+_-]{0,40})['\"]");

  /// No `version.py` is longer.
  private static final long LARGEST_VERSION_FILE = 10_000;

  /// Where a package may lie below what a user names: itself, `site-packages`, an environment.
  private static final List<String> BELOW = List.of("", "torch", "Lib/site-packages/torch");

  /// The PyTorch at a path.
  ///
  /// @param path the package, the `site-packages` it is in, or the environment
  /// @throws IOException if there is none
  public static InstalledTorch at(Path path) throws IOException {
    for (var folder : candidates(path)) {
      var found = in(folder);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new IOException(
        path
            + ": no PyTorch here; expected the folder of the package torch, the site-packages it is"
            + " in, or the environment");
  }

  /// Every PyTorch of the environments that are active or come first in the path, fitting or not.
  ///
  /// @param environment variables: `VIRTUAL_ENV`, `CONDA_PREFIX`, `PATH`
  public static List<InstalledTorch> all(Map<String, String> environment) {
    var roots = new ArrayList<Path>();
    for (String name : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
      Optional.ofNullable(environment.get(name))
          .filter(s -> !s.isBlank())
          .map(Path::of)
          .ifPresent(roots::add);
    }
    for (String entry : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (entry.isBlank()) {
        continue;
      }
      Path bin = Path.of(entry);
      boolean python = Files.isExecutable(bin.resolve("python3"));
      if (python && bin.getFileName() != null && bin.getParent() != null) {
        roots.add(bin.getParent());
        roots.add(bin.getParent().resolve("local"));
      }
    }
    Optional.ofNullable(environment.get("HOME"))
        .filter(s -> !s.isBlank())
        .map(home -> Path.of(home, ".local"))
        .ifPresent(roots::add);
    return roots.stream()
        .flatMap(root -> candidates(root).stream())
        .flatMap(folder -> in(folder).stream())
        .distinct()
        .toList();
  }

  /// Its native libraries.
  public Path libraries() {
    return folder.resolve("lib");
  }

  /// Whether it was built for cards.
  public boolean hasCuda() {
    return Files.isRegularFile(libraries().resolve("libtorch_cuda.so"));
  }

  /// Why its libraries cannot be used here, in one sentence; empty when they can.
  public Optional<String> unfit() {
    if (!FITTING.matcher(version).matches()) {
      return Optional.of("PyTorch " + version + " does not fit; versions 2.10 and 2.11 do");
    }
    try {
      if (!Files.isRegularFile(libraries().resolve("libtorch_cpu.so"))) {
        return Optional.of("there is no libtorch_cpu.so in " + libraries());
      }
      return openToOthers()
          .map(file -> file + " may be changed by anybody, so nothing is loaded from it");
    } catch (IOException e) {
      return Optional.of(libraries() + " cannot be read (" + e.getMessage() + ")");
    }
  }

  /// What anybody may write to.
  private Optional<Path> openToOthers() throws IOException {
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return Optional.empty();
    }
    try (var files = Files.list(libraries().toRealPath())) {
      for (var file : Stream.concat(Stream.of(libraries().toRealPath()), files).toList()) {
        if (NativeFolder.anybodyMayChange(file)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  private static List<Path> candidates(Path root) {
    var all = new ArrayList<Path>();
    BELOW.forEach(below -> all.add(root.resolve(below)));
    Path lib = root.resolve("lib");
    all.add(lib.resolve("python3/dist-packages/torch"));
    try (var pythons = Files.newDirectoryStream(lib, "python3.*")) {
      for (var python : pythons) {
        all.add(python.resolve("site-packages/torch"));
        all.add(python.resolve("dist-packages/torch"));
      }
    } catch (IOException _) { // no such folder, so nothing in it
      return all;
    }
    return all;
  }

  private static Optional<InstalledTorch> in(Path folder) {
    Path file = folder.resolve("version.py");
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_VERSION_FILE) {
        return Optional.empty();
      }
      var match = VERSION.matcher(RegularFile.text(file));
      return match.find()
          ? Optional.of(new InstalledTorch(folder.toAbsolutePath(), match.group(1)))
          : Optional.empty();
    } catch (IOException _) { // one that cannot be read cannot be loaded
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "PyTorch " + version + " (" + folder + ")";
  }
}
