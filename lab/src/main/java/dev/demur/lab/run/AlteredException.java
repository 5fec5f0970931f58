package dev.demur.lab.run;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/// A file of a run folder is not as Demur wrote it: damaged, cut, or changed by somebody.
public final class AlteredException extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  /// @param file what does not carry the checksum it was written with
  public AlteredException(Path file) {
    super("altered: " + file + "; delete it or run again");
  }
}
