package dev.demur.model.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// Who may read what Demur writes.
public enum Readers {

  /// Whoever the system lets by its usual setting.
  AS_USUAL,

  /// Its owner alone: it holds what a model wrote, or the prompts it answered.
  OWNER;

  /// What a file with these readers is made with, where the file system knows any.
  FileAttribute<?>[] attributes(Path file) {
    return attributes(file, "rw-------");
  }

  /// Makes a folder with these readers.
  public void makeFolder(Path folder) throws IOException {
    Files.createDirectory(folder, attributes(folder, "rwx------"));
  }

  /// Gives a file that is there these readers.
  public void apply(Path file) throws IOException {
    if (this == OWNER && isPosix(file)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  private FileAttribute<?>[] attributes(Path path, String permissions) {
    return this == OWNER && isPosix(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
