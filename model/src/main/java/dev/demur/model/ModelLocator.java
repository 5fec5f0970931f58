package dev.demur.model;

import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.folder.HuggingFaceFolder;
import dev.demur.model.format.gguf.GgufFile;
import dev.demur.model.format.gguf.GgufSplit;
import dev.demur.model.format.lora.LoraConfig;
import dev.demur.model.hub.HubCache;
import dev.demur.model.hub.HubId;
import dev.demur.model.local.RegularFile;
import dev.demur.model.remedy.ModelRemedy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds a model by what a person types: an embedded model's name, a folder, a `.gguf` file, or
/// `org/name[@revision]` in the local hub cache.
///
/// @param cache where `org/name` is looked for
public record ModelLocator(HubCache cache) {

  private static final String MAIN = "main";

  private static final String GGUF = ".gguf";

  /// A locator over the cache the environment names.
  public static ModelLocator ofEnvironment() {
    return new ModelLocator(HubCache.ofEnvironment());
  }

  /// Opens a model.
  ///
  /// @param model name of an embedded model, folder, file, or `org/name[@revision]`, looked for in
  ///   this order; a folder called like an embedded model is `./demo`
  /// @throws ModelFormatException if there is no such model or its files are unsound
  public ModelFiles open(String model) throws IOException {
    for (var embedded : EmbeddedModels.found()) {
      var files = embedded.open(model);
      if (files.isPresent()) {
        return files.get();
      }
    }
    var path = existing(model);
    if (path.isPresent()) {
      return open(path.get());
    }
    int at = model.indexOf('@');
    var id = HubId.parse(at < 0 ? model : model.substring(0, at));
    if (id.isEmpty() || model.endsWith(GGUF)) {
      throw new ModelFormatException(
          Path.of("model"),
          "\""
              + model
              + "\" is neither a folder nor a .gguf file nor org/name[@revision]; check the"
              + " spelling");
    }
    Path snapshot = cache.snapshot(id.get(), at < 0 ? MAIN : model.substring(at + 1));
    return openFolder(snapshot, model);
  }

  /// Opens a folder or a `.gguf` file.
  ///
  /// @throws ModelFormatException if it is neither, or unsound
  public static ModelFiles open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return openFolder(path, String.valueOf(path.toAbsolutePath().normalize().getFileName()));
    }
    if (path.toString().endsWith(GGUF)) {
      return GgufFile.open(path);
    }
    throw new ModelFormatException(
        path, "is not a model; expected a folder with config.json, or a .gguf file");
  }

  private static Optional<Path> existing(String model) {
    try {
      Path path = Path.of(model);
      return model.isEmpty() || !Files.exists(path) ? Optional.empty() : Optional.of(path);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /// A folder without `config.json` may hold one GGUF model, as repositories on the hub do.
  private static ModelFiles openFolder(Path folder, String name) throws IOException {
    if (RegularFile.isThere(folder.resolve("config.json"))) {
      return HuggingFaceFolder.open(folder, name);
    }
    var models = ggufModels(folder);
    if (models.isEmpty() && LoraConfig.isIn(folder)) {
      throw new ModelFormatException(
          folder,
          "is an adapter, not a model; open the model it belongs to and add this to it",
          List.of(ModelRemedy.ADD_ADAPTER));
    }
    return switch (models.size()) {
      case 0 ->
          throw new ModelFormatException(
              folder, "holds neither config.json nor a .gguf file; it is not a model");
      case 1 -> GgufFile.open(models.getFirst());
      default ->
          throw new ModelFormatException(
              folder,
              "holds "
                  + models.size()
                  + " GGUF models; name one, e.g. "
                  + models.getFirst().getFileName());
    };
  }

  /// GGUF files in name order, split ones by their first part only.
  private static List<Path> ggufModels(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(file -> file.toString().endsWith(GGUF))
          .filter(GgufSplit::isFirstPart)
          .sorted()
          .toList();
    }
  }
}
