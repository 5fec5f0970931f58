package dev.demur.model.hub;

import dev.demur.model.format.BoundedJson;
import dev.demur.model.hub.CheckedFile.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Computes the checksums of a snapshot anew. What they must be stands in the cache itself: content
/// is named by its checksum; where the system has no links, huggingface_hub's `trees/COMMIT.json`
/// may tell. No network is needed.
public final class SnapshotCheck {

  private final Path folder;
  private final Path snapshot;
  private final TransferListener listener;

  private SnapshotCheck(Path snapshot, TransferListener listener) {
    this.snapshot = snapshot;
    this.folder = snapshot.resolve("../..").normalize();
    this.listener = listener;
  }

  /// Checks every file of a snapshot, the shards its index names, and cut transfers beside it.
  ///
  /// @param snapshot as [HubClient#pull] or the cache gives it
  public static List<CheckedFile> of(Path snapshot, TransferListener listener) throws IOException {
    return new SnapshotCheck(snapshot, listener).check();
  }

  private List<CheckedFile> check() throws IOException {
    var checked = new ArrayList<CheckedFile>();
    var files = CachedModels.files(snapshot);
    for (String path : files) {
      checked.add(check(path));
    }
    for (String shard : shards(files)) {
      if (!files.contains(shard)) {
        checked.add(
            new CheckedFile(shard, 0, Verdict.MISSING, "the index names it; pull the model again"));
      }
    }
    for (Path part : CachedModels.unfinished(folder)) {
      checked.add(
          new CheckedFile(
              "blobs/" + part.getFileName(),
              Files.size(part),
              Verdict.UNFINISHED,
              "a transfer was cut; pulling again continues it"));
    }
    return checked;
  }

  private CheckedFile check(String path) throws IOException {
    Path file = snapshot.resolve(path);
    if (!Files.isRegularFile(file)) {
      return new CheckedFile(
          path, 0, Verdict.MISSING, "its content is not in the cache; pull the model again");
    }
    long size = Files.size(file);
    var expected = expected(path, file);
    if (expected.isEmpty()) {
      return new CheckedFile(path, size, Verdict.UNKNOWN, "nothing here gives its checksum");
    }
    try (var shown = listener.begin(path, size, 0)) {
      var found = ContentHash.of(file, expected.get().kind());
      shown.received(size);
      return found.equals(expected.get())
          ? new CheckedFile(path, size, Verdict.SOUND, "")
          : new CheckedFile(
              path,
              size,
              Verdict.DAMAGED,
              "expected %s, found %s; delete %s and pull the model again"
                  .formatted(expected.get(), found, file.toRealPath()));
    }
  }

  private Optional<ContentHash> expected(String path, Path file) throws IOException {
    if (Files.isSymbolicLink(file)) {
      return ContentHash.parse(String.valueOf(Files.readSymbolicLink(file).getFileName()));
    }
    Path tree = folder.resolve("trees").resolve(snapshot.getFileName() + ".json");
    if (!Files.isRegularFile(tree)) {
      return Optional.empty();
    }
    JsonNode entry = BoundedJson.readObject(tree).path("files").path(path);
    String sha256 = entry.path("lfs_sha256").asString("");
    return ContentHash.parse(sha256.isEmpty() ? entry.path("blob_id").asString("") : sha256);
  }

  private Set<String> shards(List<String> files) throws IOException {
    var shards = new TreeSet<String>();
    for (String index : List.of("model.safetensors.index.json", "pytorch_model.bin.index.json")) {
      if (files.contains(index) && Files.isRegularFile(snapshot.resolve(index))) {
        for (JsonNode shard :
            BoundedJson.readObject(snapshot.resolve(index)).path("weight_map").values()) {
          shards.add(shard.asString(""));
        }
      }
    }
    return shards;
  }
}
