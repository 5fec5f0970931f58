package dev.demur.model.local;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// A folder that lives as long as this process, with a name nobody can guess.
final class RunOwnFolder {

  private static final Logger LOG = System.getLogger(RunOwnFolder.class.getName());

  private RunOwnFolder() {}

  /// Makes one, readable by its owner only as Java makes them.
  static Path make() throws IOException {
    Path folder = Files.createTempDirectory("demur-").toRealPath();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "run-own-folder"));
    return folder;
  }

  private static void delete(Path folder) {
    try {
      Files.walkFileTree(folder, new Deleting());
    } catch (IOException e) { // Windows deletes no library that is loaded
      LOG.log(Level.WARNING, "could not delete " + folder, e);
    }
  }

  /// Deletes links, never what they lead to.
  private static final class Deleting extends SimpleFileVisitor<Path> {

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
        throws IOException {
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
