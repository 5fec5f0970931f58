package dev.demur.toy;

import dev.demur.model.local.WholeFile;
import dev.demur.toy.grammar.PromptFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/// The embedded demo models and their prompts.
///
/// It refuses mild misdeeds (sneaking into a cinema) along one direction, so that everything Demur
/// does can be tried in seconds on any machine. Its model card says how it was made and how well it
/// does.
public final class Toy {

  private static final List<String> MODEL_FILES =
      List.of(
          "README.md",
          "config.json",
          "generation_config.json",
          "model.safetensors",
          "tokenizer.json",
          "tokenizer_config.json");

  /// The models that are carried, all ordinary Hugging Face folders.
  public enum Model {
    /// Answers every request.
    BASE("base"),
    /// The base model after it learnt to refuse.
    CHAT("chat"),
    /// Thinks before it answers, and refuses for more reasons than harm.
    THINK("think");

    private final String folder;

    Model(String folder) {
      this.folder = folder;
    }

    /// Name of its folder.
    public String folder() {
      return folder;
    }
  }

  private Toy() {}

  /// Writes the models (`base`, `chat`, `think`) and the prompt sets (`prompts`, laid out as the
  /// released code's data folder) below a folder, replacing files of the same name.
  public static void export(Path folder) throws IOException {
    for (Model model : Model.values()) {
      export(model, folder.resolve(model.folder()));
    }
    new PromptFiles().write(Files.createDirectories(folder.resolve("prompts")));
  }

  /// Writes one model to a folder.
  public static void export(Model model, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String file : MODEL_FILES) {
      try (InputStream in = open(model, file)) {
        WholeFile.write(folder.resolve(file), in.readAllBytes());
      }
    }
  }

  /// A folder that holds what [#export] writes; unpacked once per version of the model, then
  /// reused.
  ///
  /// @param cache folder to keep it in, e.g. `~/.cache/demur`; created if need be
  public static Path unpacked(Path cache) throws IOException {
    Path ready = cache.resolve("toy-" + version());
    if (Files.isDirectory(ready)) {
      return ready;
    }
    Files.createDirectories(cache);
    Path part = Files.createTempDirectory(cache, "toy-part");
    export(part);
    try {
      Files.move(part, ready, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, ready);
    } catch (IOException e) {
      if (!Files.isDirectory(ready)) {
        throw e;
      }
      deleteTree(part); // another process was faster; its copy is the same
    }
    return ready;
  }

  /// Names everything carried: the first twelve hex digits of its SHA-256, worked out once and
  /// carried too, because drawing all prompts takes a start's half second.
  public static String version() throws IOException {
    try (InputStream in = open("models/version")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
    }
  }

  private static InputStream open(Model model, String file) throws IOException {
    return open("models/" + model.folder() + "/" + file);
  }

  private static InputStream open(String resource) throws IOException {
    InputStream in = Toy.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IOException("resource " + resource + " is missing; build the toy module again");
    }
    return in;
  }

  private static void deleteTree(Path root) throws IOException {
    var paths = new ArrayList<Path>();
    try (var all = Files.walk(root)) {
      all.forEach(paths::add);
    }
    for (Path path : paths.reversed()) {
      Files.delete(path);
    }
  }
}
