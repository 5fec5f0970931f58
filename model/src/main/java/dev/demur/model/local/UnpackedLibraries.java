package dev.demur.model.local;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What JavaCPP has unpacked: `JAR/PATH/IN/IT` for each library.
///
/// JavaCPP writes a library under its own name and believes what is there. A process that is killed
/// meanwhile leaves a part, and the next one that loads it ends with a bus error. So parts are
/// deleted before anything is loaded, and unpacked anew.
final class UnpackedLibraries {

  /// JavaCPP holds it while it unpacks.
  private static final String LOCK = ".lock";

  private UnpackedLibraries() {}

  /// Deletes every file that has another length than in its jar. A library that another process has
  /// loaded stays there for that process.
  ///
  /// @param folder JavaCPP's; need not be there
  static void deleteParts(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var channel =
            FileChannel.open(
                folder.resolve(LOCK),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        var _ = channel.lock()) {
      for (Path file : files(folder)) {
        if (isPart(folder.relativize(file), Files.size(file))) {
          Files.delete(file);
        }
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS)).toList();
    }
  }

  /// Files of other versions' jars, which nobody loads, are left alone.
  private static boolean isPart(Path file, long length) throws IOException {
    int names = file.getNameCount();
    if (names < 2) {
      return false;
    }
    String entry =
        IntStream.range(1, names)
            .mapToObj(i -> file.getName(i).toString())
            .collect(Collectors.joining("/"));
    URL source = UnpackedLibraries.class.getClassLoader().getResource(entry);
    return source != null
        && source.openConnection() instanceof JarURLConnection jar
        && jar.getJarFileURL().getPath().endsWith("/" + file.getName(0))
        && jar.getContentLengthLong() != length;
  }
}
