package dev.demur.lab.run;

import dev.demur.lab.Sha256;
import dev.demur.model.ChatModel;
import dev.demur.model.local.Readers;
import dev.demur.model.local.RegularFile;
import dev.demur.model.local.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/// Where everything of one run lies, and the one way it is read and written.
///
/// The folder may come from a stranger: no link in it is followed, and what carries a checksum is
/// not believed without.
///
/// @param path the folder
public record RunFolder(Path path) {

  /// The result, for programs.
  public static final String REPORT = "report.json";

  /// The result, for people.
  public static final String PAGE = "report.html";

  /// What is needed to run again and to know that it is the same.
  public static final String MANIFEST = "manifest.json";

  /// The direction, when the study chose one.
  public static final String DIRECTION = "direction.safetensors";

  /// All differences of means, when the behaviour is there.
  public static final String CANDIDATES = "candidates.safetensors";

  /// Every completion's labels.
  public static final String COMPLETIONS = "completions.jsonl";

  /// What a model's first layers wrote by themselves.
  public static final String DECODED = "decoded.jsonl";

  /// What the model knows, before and after an intervention.
  public static final String BENCHMARK = "benchmark.json";

  /// What interventions cost on text.
  public static final String COHERENCE = "coherence.json";

  /// Why the model refuses.
  public static final String EXPLANATION = "explain.json";

  /// Sub-folder of a study's own explanation.
  public static final String EXPLANATIONS = "explain";

  /// Ending of the folder beside a study's, where explanations usually go.
  public static final String EXPLANATION_ENDING = "-explain";

  /// Where the time went, when it was asked for.
  public static final String PROFILE = "profile.json";

  /// Sub-folder of finished work by the hash of all it depends on.
  public static final String STAGES = "stages";

  /// Sub-folder of completions as the released code writes them.
  public static final String RELEASED = "completions";

  private static final String SEAL = ".sha256";

  private static final String SET_ASIDE = ".altered";

  private static final int CHUNK = 1 << 16;

  /// The folder at a path, there or not.
  public static RunFolder at(Path path) {
    return new RunFolder(path);
  }

  /// Where a run of a model goes when nobody says: `runs/` and its name.
  ///
  /// @param ending tells another kind of run; may be empty
  public static Path usual(ChatModel model, String ending) {
    String name = model.name().replaceAll("[^\\w.-]+", "_");
    return Path.of("runs", (name.matches("\\.*") ? "model" : name) + ending);
  }

  /// Whether a study has worked here, finished or not.
  public boolean isRun() throws IOException {
    return has(REPORT) || Files.isDirectory(file(STAGES), LinkOption.NOFOLLOW_LINKS);
  }

  /// Where a file of that name lies.
  ///
  /// @param name relative to the folder, with `/`
  public Path file(String name) {
    return path.resolve(name);
  }

  /// Whether there is something of that name, a link included.
  public boolean has(String name) throws IOException {
    return RegularFile.isThere(file(name), LinkOption.NOFOLLOW_LINKS);
  }

  // ---- reading -----------------------------------------------------------------------------

  /// A file's bytes.
  ///
  /// @throws IOException if it is a link or no regular file
  public byte[] read(String name) throws IOException {
    return read(file(name));
  }

  byte[] read(Path file) throws IOException {
    try (var channel = OwnFiles.openToRead(file)) {
      var bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
      return bytes.array();
    } catch (ArithmeticException _) {
      throw new IOException(file + ": is larger than 2 GB; no run writes such a file. Delete it.");
    }
  }

  /// Where a result lies, once it is seen to be what the manifest says of it. Without a manifest,
  /// or where that does not name it, nothing can be said and it is taken as it is.
  ///
  /// @throws AlteredException if it is not
  /// @throws IOException if there is no such file
  public Path verified(String name) throws IOException {
    if (!has(name)) {
      throw new IOException(
          file(name)
              + ": no such file; name the folder of a finished run, or run the same command to"
              + " finish this one.");
    }
    var expected = Manifest.files(this).stream().filter(f -> f.name().equals(name)).findFirst();
    if (expected.isPresent() && !expected.get().sha256().equals(sha256(file(name)))) {
      throw new AlteredException(file(name));
    }
    return file(name);
  }

  private String sha256(Path file) throws IOException {
    var digest = Sha256.digest();
    try (var channel = OwnFiles.openToRead(file)) {
      var chunk = ByteBuffer.allocate(CHUNK);
      while (channel.read(chunk) >= 0) {
        digest.update(chunk.flip());
        chunk.clear();
      }
    }
    return Sha256.hex(digest);
  }

  // ---- writing -----------------------------------------------------------------------------

  /// Makes the folder, when it is not there.
  ///
  /// @throws IOException if it is a link, or no folder
  public void make() throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      if (Files.isSymbolicLink(path)) {
        throw new IOException(
            path + ": is a symbolic link; name the folder it leads to, if that is meant.");
      }
      Files.createDirectories(path);
    }
  }

  /// Makes the folder and a sub-folder, when they are not there.
  ///
  /// @param readers who may list it, when it is new
  public void make(String name, Readers readers) throws IOException {
    make();
    Path folder = file(name);
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (has(name)) {
      throw new IOException(folder + ": is not a folder, or a link to one. Delete it.");
    }
    readers.makeFolder(folder);
  }

  /// Writes or replaces a file, whole or not at all; its folders must be there.
  public Path write(String name, byte[] bytes, Readers readers) throws IOException {
    requireFolder(name);
    WholeFile.write(file(name), bytes, readers);
    return file(name);
  }

  /// The same with text.
  public Path write(String name, String text, Readers readers) throws IOException {
    return write(name, text.getBytes(StandardCharsets.UTF_8), readers);
  }

  /// The same with what another writer writes.
  public Path write(String name, WholeFile.Content content, Readers readers) throws IOException {
    requireFolder(name);
    WholeFile.write(file(name), content, readers);
    return file(name);
  }

  private void requireFolder(String name) throws IOException {
    int slash = name.lastIndexOf('/');
    if (slash < 0) {
      make();
    } else {
      make(name.substring(0, slash), Readers.AS_USUAL);
    }
  }

  /// Removes what an earlier run left here, by its own manifest: with other settings it may have
  /// written files that this one does not. Nothing else in the folder is touched.
  public void clear() throws IOException {
    for (var file : Manifest.files(this)) {
      Path left = file(file.name()).normalize();
      if (left.startsWith(path.normalize())
          && !hasLink(left)
          && Files.isRegularFile(left, LinkOption.NOFOLLOW_LINKS)) {
        Files.delete(left);
      }
    }
    Files.deleteIfExists(file(MANIFEST));
  }

  /// Whether a folder between this one and the file is a link.
  private boolean hasLink(Path file) {
    Path folder = file.getParent();
    while (folder != null && !folder.equals(path.normalize())) {
      if (Files.isSymbolicLink(folder)) {
        return true;
      }
      folder = folder.getParent();
    }
    return false;
  }

  /// Removes what was being written when a process was killed.
  void sweep() throws IOException {
    for (String name : List.of("", STAGES, RELEASED, "tables")) {
      Path folder = file(name);
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        try (var files = Files.list(folder)) {
          for (Path file : files.toList()) {
            if (WholeFile.isTemporary(String.valueOf(file.getFileName()))) {
              Files.delete(file);
            }
          }
        }
      }
    }
  }

  // ---- files with a seal -------------------------------------------------------------------

  /// Writes the checksum of a file beside it, as `sha256sum` writes and checks it. A file without
  /// is one that was not finished.
  void seal(String name) throws IOException {
    write(name + SEAL, sealOf(name), Readers.OWNER);
  }

  /// A file that is whole and as it was written; empty where it is not there.
  ///
  /// @throws AlteredException if it is not as it was written; it is set aside, so that a run that
  ///   is started again makes it anew
  Optional<Path> sealed(String name) throws IOException {
    if (!has(name) || !has(name + SEAL)) {
      return Optional.empty();
    }
    if (!new String(read(name + SEAL), StandardCharsets.UTF_8).equals(sealOf(name))) {
      setAside(file(name + SEAL));
      throw altered(file(name));
    }
    return Optional.of(file(name));
  }

  private String sealOf(String name) throws IOException {
    return sha256(file(name)) + "  " + file(name).getFileName() + "\n";
  }

  /// Sets a file aside that is not as it was written.
  AlteredException altered(Path file) throws IOException {
    setAside(file);
    return new AlteredException(file);
  }

  private void setAside(Path file) throws IOException {
    try {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + SET_ASIDE),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException _) {
      // Somebody was quicker.
    }
  }
}
