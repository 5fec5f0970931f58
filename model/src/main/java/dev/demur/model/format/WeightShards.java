package dev.demur.model.format;

import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which files of a folder hold the weights: one, or shards listed by an index.
///
/// @param folder the folder
/// @param files the weight files, in name order
/// @param index file name by tensor, when there is an index; empty otherwise
public record WeightShards(Path folder, List<Path> files, Map<String, String> index) {

  private static final String SAFETENSORS = ".safetensors";

  /// What a folder may hold beside the model itself: adapters, and Mistral's second copy.
  private static final Set<String> NOT_THE_MODEL = Set.of("adapter_model", "consolidated");

  public WeightShards {
    files = List.copyOf(files);
    index = Map.copyOf(index);
  }

  /// True when the files are PyTorch's and not safetensors.
  public boolean isTorch() {
    return !files.getFirst().toString().endsWith(SAFETENSORS);
  }

  /// Finds the weight files of a folder; safetensors are preferred to PyTorch's own files.
  ///
  /// @throws ModelFormatException if there are none, the index is unsound, or a shard is missing
  public static WeightShards find(Path folder) throws IOException {
    for (String name : List.of("model.safetensors", "pytorch_model.bin")) {
      Path index = folder.resolve(name + ".index.json");
      if (RegularFile.isThere(index)) {
        return indexed(folder, index);
      }
      if (RegularFile.isThere(folder.resolve(name))) {
        return new WeightShards(folder, List.of(folder.resolve(name)), Map.of());
      }
      if (name.endsWith(SAFETENSORS)) {
        var others = otherSafetensors(folder);
        if (!others.isEmpty()) {
          return new WeightShards(folder, others, Map.of());
        }
      }
    }
    throw new ModelFormatException(
        folder, "holds no *.safetensors and no pytorch_model.bin; fetch the weights");
  }

  private static List<Path> otherSafetensors(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(WeightShards::isModelSafetensors).sorted().toList();
    }
  }

  private static boolean isModelSafetensors(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(SAFETENSORS) && NOT_THE_MODEL.stream().noneMatch(name::startsWith);
  }

  private static WeightShards indexed(Path folder, Path indexFile) throws IOException {
    var map = BoundedJson.readObject(indexFile).path("weight_map");
    if (!map.isObject() || map.isEmpty()) {
      throw new ModelFormatException(
          indexFile, "has no object \"weight_map\"; fetch the file again");
    }
    var index = new LinkedHashMap<String, String>();
    for (var entry : map.properties()) {
      String shard = entry.getValue().asString("");
      if (!isPlainName(shard)) {
        throw new ModelFormatException(
            indexFile,
            "tensor \""
                + entry.getKey()
                + "\" is said to be in \""
                + shard
                + "\", expected a file name without folders; do not trust this model");
      }
      index.put(entry.getKey(), shard);
    }
    var shards = new TreeSet<>(index.values());
    requirePresent(folder, shards);
    return new WeightShards(folder, shards.stream().map(folder::resolve).toList(), index);
  }

  private static boolean isPlainName(String name) {
    return name.matches("[^/\\\\:\\p{Cntrl}]+") && !name.equals(".") && !name.equals("..");
  }

  private static void requirePresent(Path folder, Set<String> shards) throws ModelFormatException {
    String missing =
        shards.stream()
            .filter(shard -> !Files.isRegularFile(folder.resolve(shard)))
            .limit(5)
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      throw new ModelFormatException(
          folder,
          "shards are missing (" + missing + ") of " + shards.size() + "; fetch the rest of them");
    }
  }
}
