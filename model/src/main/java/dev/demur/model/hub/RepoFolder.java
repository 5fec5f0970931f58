package dev.demur.model.hub;

import dev.demur.model.local.RegularFile;
import dev.demur.model.local.WholeFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/// One model's folder in the cache, laid out as huggingface_hub does: `blobs/CHECKSUM` holds the
/// content, `snapshots/COMMIT/PATH` is a relative link to it, `refs/REVISION` holds a commit.
///
/// @param cache the cache
/// @param folder `models--ORG--NAME` in it
record RepoFolder(HubCache cache, Path folder) {

  /// What backup tools look for; the first line is the standard's (bford.info/cachedir).
  private static final String CACHE_TAG =
      """
      Signature: 8a477f597d28d172789f06886806bc55
      # Everything in this folder can be fetched again.
      """;

  static RepoFolder of(HubCache cache, HubId id) {
    return new RepoFolder(cache, cache.folder(id));
  }

  Path snapshot(String commit) {
    return folder.resolve("snapshots").resolve(commit);
  }

  Path blob(ContentHash hash) {
    return folder.resolve("blobs").resolve(hash.hex());
  }

  Path part(ContentHash hash) {
    return folder.resolve("blobs").resolve(hash.hex() + ".incomplete");
  }

  /// Whether a commit's file is here in full length.
  boolean has(String commit, String path, Blob blob) throws IOException {
    Path file = snapshot(commit).resolve(path);
    return Files.isRegularFile(file) && Files.size(file) == blob.size();
  }

  /// Makes the folders, and tells backup tools to pass by.
  void prepare() throws IOException {
    Files.createDirectories(folder.resolve("blobs"));
    Path tag = cache.root().resolve("CACHEDIR.TAG");
    try {
      Files.writeString(tag, CACHE_TAG, StandardCharsets.US_ASCII, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException _) {
      // Whoever made it, it says the same.
    }
  }

  /// Keeps another process from bringing the same content at the same time.
  Lock lock(ContentHash hash) throws IOException {
    Path file =
        cache
            .root()
            .resolve(".locks")
            .resolve(String.valueOf(folder.getFileName()))
            .resolve(hash.hex() + ".lock");
    Files.createDirectories(file.getParent());
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      channel.lock();
      return new Lock(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /// Makes the content known under its path in a commit.
  ///
  /// @throws FileSystemException if a file stands where a folder must be
  void link(String commit, String path, ContentHash hash) throws IOException {
    Path link = snapshot(commit).resolve(path);
    Path blob = blob(hash);
    Path parent = link.resolveSibling("").normalize();
    Files.createDirectories(parent);
    Path temporary = link.resolveSibling("." + UUID.randomUUID() + ".tmp");
    boolean linked = isLinked(temporary, parent.relativize(blob.normalize()));
    try {
      if (!linked) {
        Files.copy(blob, temporary, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(
          temporary, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    if (!linked) {
      Files.delete(blob);
    }
  }

  /// Windows without developer mode has no links: the content itself stands there then, as in
  /// huggingface_hub.
  private static boolean isLinked(Path link, Path target) {
    try {
      Files.createSymbolicLink(link, target);
      return true;
    } catch (UnsupportedOperationException | IOException _) {
      return false;
    }
  }

  /// Remembers which commit a revision is; a commit needs no remembering.
  void writeRef(String revision, String commit) throws IOException {
    if (revision.equals(commit)) {
      return;
    }
    Path refs = folder.resolve("refs").normalize();
    Path ref = refs.resolve(revision).normalize();
    if (!ref.startsWith(refs) || ref.equals(refs)) {
      throw new IllegalArgumentException("\"" + revision + "\" leads out of the refs folder");
    }
    Files.createDirectories(ref.getParent());
    if (Files.isRegularFile(ref, LinkOption.NOFOLLOW_LINKS)
        && RegularFile.text(ref).equals(commit)) {
      return;
    }
    WholeFile.write(ref, commit);
  }

  /// Held while content is on its way.
  ///
  /// @param channel the lock file
  record Lock(FileChannel channel) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
