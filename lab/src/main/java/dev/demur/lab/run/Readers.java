package dev.demur.lab.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Who may read a file that Demur writes.
public enum Readers {

  /// Whoever the system lets by its usual setting.
  AS_USUAL,

  /// Its owner alone: it holds what a model wrote, or the prompts it answered.
  OWNER;

  /// Gives the file these readers, where the file system knows any.
  void apply(Path file) throws IOException {
    if (this == OWNER && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }
}
