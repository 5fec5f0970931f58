package dev.demur.model.hub;

import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What the cache holds.
public final class CachedModels {

  private static final String PREFIX = "models--";
  private static final String UNFINISHED = ".incomplete";

  private CachedModels() {}

  /// All models, by name; none where there is no cache.
  public static List<CachedModel> list(HubCache cache) throws IOException {
    var models = new ArrayList<CachedModel>();
    for (Path folder : entries(cache.root())) {
      String name = String.valueOf(folder.getFileName());
      if (name.startsWith(PREFIX) && Files.isDirectory(folder)) {
        models.add(model(folder, name.substring(PREFIX.length()).replace("--", "/")));
      }
    }
    return models;
  }

  /// Files of a snapshot as paths with `/`, sorted; links that lead nowhere are among them.
  public static List<String> files(Path snapshot) throws IOException {
    try (Stream<Path> walk = Files.walk(snapshot)) {
      return walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .map(path -> snapshot.relativize(path).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  /// Transfers of a model that were cut.
  static List<Path> unfinished(Path folder) throws IOException {
    return entries(folder.resolve("blobs")).stream()
        .filter(path -> path.toString().endsWith(UNFINISHED))
        .toList();
  }

  private static CachedModel model(Path folder, String name) throws IOException {
    var refs = refs(folder.resolve("refs"));
    var seen = new HashSet<Path>();
    long bytes = 0;
    var revisions = new ArrayList<CachedRevision>();
    for (Path snapshot : newestFirst(entries(folder.resolve("snapshots")))) {
      var files = files(snapshot);
      long size = 0;
      for (String file : files) {
        Path path = snapshot.resolve(file);
        if (Files.exists(path)) {
          size += Files.size(path);
          bytes += seen.add(path.toRealPath()) ? Files.size(path) : 0;
        }
      }
      String commit = String.valueOf(snapshot.getFileName());
      var names = List.copyOf(refs.getOrDefault(commit, Set.of()));
      revisions.add(new CachedRevision(commit, names, snapshot, files.size(), size));
    }
    return new CachedModel(name, revisions, bytes, unfinished(folder).size());
  }

  /// Branches and tags by commit.
  private static Map<String, Set<String>> refs(Path refs) throws IOException {
    var byCommit = new TreeMap<String, Set<String>>();
    if (!Files.isDirectory(refs)) {
      return byCommit;
    }
    for (String ref : files(refs)) {
      Path file = refs.resolve(ref);
      if (Files.isRegularFile(file) && Files.size(file) <= 100 && !ref.endsWith(".tmp")) {
        byCommit
            .computeIfAbsent(RegularFile.text(file).strip(), _ -> new java.util.TreeSet<>())
            .add(ref);
      }
    }
    return byCommit;
  }

  private static List<Path> newestFirst(List<Path> folders) throws IOException {
    var times = new TreeMap<Path, FileTime>();
    for (Path folder : folders) {
      if (Files.isDirectory(folder)) {
        times.put(folder, Files.getLastModifiedTime(folder));
      }
    }
    return times.keySet().stream()
        .sorted(Comparator.comparing(times::get, Comparator.<FileTime>reverseOrder()))
        .toList();
  }

  private static List<Path> entries(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }
}
