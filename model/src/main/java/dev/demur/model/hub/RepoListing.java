package dev.demur.model.hub;

import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.ModelFormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What a repository holds at a commit, as the hub says.
///
/// @param commit 40 hex digits
/// @param paths files, with `/` between folders
/// @param known checksum and size by path, where the hub gives them
public record RepoListing(String commit, List<String> paths, Map<String, Blob> known) {

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /// A part of a path that is the same file on every system and leads nowhere else.
  private static final Pattern PART = Pattern.compile("[^/\\\\:*?\"<>|\\p{Cntrl}]{1,200}");

  private static final int MAX_FILES = 100_000;

  public RepoListing {
    if (!COMMIT.matcher(commit).matches()) {
      throw new IllegalArgumentException(
          "\"" + Reply.words(commit) + "\" is not a commit, expected 40 hex digits");
    }
    paths.forEach(RepoListing::requireSafe);
    paths = List.copyOf(paths);
    known = Map.copyOf(known);
  }

  /// Checksum and size of a file, if the listing has them.
  public Optional<Blob> blob(String path) {
    return Optional.ofNullable(known.get(path));
  }

  /// Reads the hub's answer to `/api/models/ID/revision/REV?blobs=true`.
  ///
  /// @param subject what was asked for, for errors
  /// @throws HubException if the answer is no such listing, or one no honest hub gives
  static RepoListing parse(String subject, byte[] json) throws HubException {
    try {
      var root = BoundedJson.parse(Path.of("listing"), json);
      var siblings = root.path("siblings");
      if (!siblings.isArray() || siblings.size() > MAX_FILES) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT, "expected a list \"siblings\" of at most %,d files", MAX_FILES));
      }
      var paths = new ArrayList<String>();
      var known = new LinkedHashMap<String, Blob>();
      for (JsonNode file : siblings) {
        String path = file.path("rfilename").asString("");
        paths.add(path);
        blob(file).ifPresent(blob -> known.put(path, blob));
      }
      return new RepoListing(root.path("sha").asString(""), paths, known);
    } catch (ModelFormatException | IllegalArgumentException e) {
      throw new HubException(
          subject
              + ": the hub's listing cannot be used: "
              + e.getMessage()
              + "; check HF_ENDPOINT, and do not trust a mirror that keeps saying so",
          e);
    }
  }

  private static Optional<Blob> blob(JsonNode file) {
    var lfs = file.path("lfs");
    String hash =
        lfs.isObject() ? lfs.path("sha256").asString("") : file.path("blobId").asString("");
    var size = lfs.isObject() ? lfs.path("size") : file.path("size");
    if (size.isMissingNode() || size.isNull()) {
      return Optional.empty();
    }
    if (!size.isIntegralNumber() || !size.canConvertToLong()) {
      throw new IllegalArgumentException("a size is " + Reply.words(size.toString()));
    }
    return ContentHash.parse(hash).map(checksum -> new Blob(checksum, size.longValue()));
  }

  /// Checks that a path from the network stays inside the folder it is resolved against.
  static void requireSafe(String path) {
    if (path.length() > 1000) {
      throw new IllegalArgumentException("a file name has " + path.length() + " characters");
    }
    for (String part : path.split("/", -1)) {
      if (!PART.matcher(part).matches() || part.equals(".") || part.equals("..")) {
        throw new IllegalArgumentException(
            "file name \"" + Reply.words(path) + "\" would lead out of the folder or be no file");
      }
    }
  }
}
