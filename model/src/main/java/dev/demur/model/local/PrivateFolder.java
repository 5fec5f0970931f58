package dev.demur.model.local;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/// A folder nobody else can have put anything into: it and all in it belong to this user, others
/// may not enter it, and no link leads in or out.
///
/// Where the file system knows no owners and permissions (Windows), the folder is only made.
final class PrivateFolder {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private static final Set<PosixFilePermission> WRITING =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private static final String REMEDY = "; delete it, or set XDG_CACHE_HOME to a folder of your own";

  /// Where links in the folder may lead.
  enum Links {
    /// To other files of the folder.
    INSIDE,
    /// Also to files that only their owner and the owner's group can change: libraries of the
    /// system and of an installed program, which JavaCPP leaves links to.
    TO_INSTALLED_FILES
  }

  private PrivateFolder() {}

  /// Makes the folder where it is missing, and checks it.
  ///
  /// @param above a folder of the user's, which others may not write to; made stricter if they may
  /// @return the folder without links
  /// @throws NativeFolderError if somebody else may have changed what is in it
  /// @throws IOException if it cannot be made or read
  static Path in(Path above, String name) throws IOException {
    return in(above, name, Links.INSIDE);
  }

  /// Makes the folder where it is missing, and checks it.
  ///
  /// @param above as [#in(Path, String)] has it
  static Path in(Path above, String name, Links links) throws IOException {
    if (Files.isSymbolicLink(above)) {
      throw refused(above, "is a symbolic link");
    }
    Path parent = above.toRealPath();
    Path folder = parent.resolve(name);
    if (!parent.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return Files.createDirectories(folder);
    }
    make(folder);
    UserPrincipal user = user(folder);
    requireOwner(parent, user);
    closeToOthers(parent);
    check(folder, user, links);
    return folder;
  }

  /// Checks a folder the user named.
  ///
  /// @throws NativeFolderError as [#in]
  static void check(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      check(folder.toRealPath(), user(folder), Links.INSIDE);
    }
  }

  private static void make(Path folder) throws IOException {
    try {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } catch (FileAlreadyExistsException _) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw refused(folder, "is a link or a file, expected a folder");
      }
    }
  }

  /// Who a file we make belongs to; a network's file system may call us by another name.
  private static UserPrincipal user(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, ".owner", "");
    try {
      return Files.getOwner(probe, LinkOption.NOFOLLOW_LINKS);
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  private static void closeToOthers(Path folder) throws IOException {
    var permissions = Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
    if (permissions.removeAll(WRITING)) {
      Files.setPosixFilePermissions(folder, permissions);
    }
  }

  static void check(Path folder, UserPrincipal user, Links links) throws IOException {
    requireOwner(folder, user);
    var permissions = Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
    if (!OWNER_ONLY.containsAll(permissions)) {
      throw refused(
          folder,
          "may be changed or read by others ("
              + PosixFilePermissions.toString(permissions)
              + ", expected rwx------)");
    }
    Files.walkFileTree(folder, new Checking(folder, user, links));
  }

  private static void requireOwner(Path file, UserPrincipal user) throws IOException {
    UserPrincipal owner = Files.getOwner(file, LinkOption.NOFOLLOW_LINKS);
    if (!owner.equals(user)) {
      throw refused(file, "belongs to " + owner.getName() + " and not to " + user.getName());
    }
  }

  private static NativeFolderError refused(Path file, String what) {
    return new NativeFolderError(
        file + ": native libraries are not loaded from here, because it " + what + REMEDY);
  }

  /// Others may unpack and tidy up at the same time: what is gone needs no check.
  private static final class Checking extends SimpleFileVisitor<Path> {

    private final Path root;
    private final UserPrincipal user;
    private final Links links;

    Checking(Path root, UserPrincipal user, Links links) {
      this.root = root;
      this.user = user;
      this.links = links;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      requireOwner(folder, user);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return FileVisitResult.CONTINUE;
      }
      requireOwner(file, user);
      if (attributes.isSymbolicLink()) {
        Path target = file.resolveSibling(Files.readSymbolicLink(file)).normalize();
        if (!target.startsWith(root)) {
          requireInstalled(file, target);
        }
      } else if (!attributes.isRegularFile()) {
        throw refused(file, "is not a file");
      }
      return FileVisitResult.CONTINUE;
    }

    private void requireInstalled(Path link, Path target) throws IOException {
      String what = "is a link to " + target + ", outside of the folder";
      if (links == Links.INSIDE) {
        throw refused(link, what);
      }
      if (Files.exists(target)) {
        Path real = target.toRealPath();
        if (NativeFolder.anybodyMayChange(real)
            || NativeFolder.anybodyMayChange(
                Objects.requireNonNull(real.getParent(), "of a file"))) {
          throw refused(link, what + ", where anybody may change it");
        }
      }
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
