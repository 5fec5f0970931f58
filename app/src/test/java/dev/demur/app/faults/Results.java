package dev.demur.app.faults;

import dev.demur.lab.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a command has left under a name of its own, by content: hashes of all but what tells when
/// it was done and how long it took.
final class Results {

  private static final Set<String> TIMES =
      Set.of("timings", "seconds", "started", "finished", "files", "stages", "machine", "created");

  private Results() {}

  /// Hash by name, relative to the folder.
  static Map<String, String> of(Path folder) throws IOException {
    var results = new TreeMap<String, String>();
    try (var files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        String name = folder.relativize(file).toString();
        if (Files.isRegularFile(file) && !isWork(name)) {
          results.put(name, hash(name, Files.readAllBytes(file)));
        }
      }
    }
    return results;
  }

  /// Files of the work itself: stages, journals, locks, checkpoints, parts.
  private static boolean isWork(String name) {
    return name.contains("stages/")
        || name.contains("/blobs/") // what snapshots lead to; where links fail it stands in them
        || name.contains(".part")
        || name.contains(".locks")
        || name.matches("(.*/)?(\\.lock|timings\\.csv|checkpoint\\.safetensors|CACHEDIR\\.TAG)")
        || name.matches(".*\\.(tmp|incomplete|altered)");
  }

  /// Parts that are left where nothing is being written.
  static Set<String> parts(Path folder) throws IOException {
    var parts = new TreeSet<String>();
    try (var files = Files.walk(folder)) {
      files
          .map(file -> folder.relativize(file).toString())
          .filter(name -> name.matches(".*(\\.part|\\.tmp)"))
          .forEach(parts::add);
    }
    return parts;
  }

  private static String hash(String name, byte[] bytes) {
    if (name.endsWith(".json")) {
      try {
        var json = JsonMapper.shared().readTree(bytes);
        withoutTimes(json);
        return Sha256.ofText(json.toString());
      } catch (JacksonException _) {
        return "no JSON";
      }
    }
    if (name.endsWith(".html")) { // times stand among its words
      return new String(bytes, StandardCharsets.UTF_8).strip().endsWith("</html>")
          ? "a page"
          : "cut";
    }
    if (name.endsWith(".md")) {
      return bytes.length == 0 ? "cut" : "a page";
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1); // records of edits hold a time
    return Sha256.ofText(text.replaceAll("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z", "then"));
  }

  private static void withoutTimes(JsonNode json) {
    if (json instanceof ObjectNode object) {
      object.remove(TIMES);
    }
    json.forEach(Results::withoutTimes);
  }

  /// Makes a folder as another is.
  static void copy(Path from, Path to) throws IOException {
    delete(to);
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(
            file,
            to.resolve(from.relativize(file).toString()),
            StandardCopyOption.COPY_ATTRIBUTES,
            LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  /// Deletes a folder or file and all in it.
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
