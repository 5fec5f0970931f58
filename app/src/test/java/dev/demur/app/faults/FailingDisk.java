package dev.demur.app.faults;

import dev.demur.app.faults.Faults.Operation;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All files of a process, through which every operation passes that Java's file API does: nothing
/// of a program can go round it. [Faults] says which goes wrong.
///
/// It takes the place of the file system when the process starts:
/// `-Djava.nio.file.spi.DefaultFileSystemProvider=dev.demur.app.faults.FailingDisk`.
public final class FailingDisk extends FileSystemProvider {

  private final FileSystemProvider real;
  private final FailingSystem system;

  /// Called by Java.
  public FailingDisk(FileSystemProvider real) {
    this.real = real;
    this.system = new FailingSystem(this, real.getFileSystem(URI.create("file:///")));
  }

  private static Path real(Path path) {
    return FailingPath.real(path);
  }

  private static Path counted(Operation operation, Path path) throws IOException {
    Faults.pass(operation, path);
    return real(path);
  }

  @Override
  public String getScheme() {
    return "file";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> env) throws IOException {
    return real.newFileSystem(uri, env);
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return system;
  }

  @Override
  public Path getPath(URI uri) {
    return new FailingPath(system, real.getPath(uri));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    var channel = real.newFileChannel(counted(Operation.OPEN, path), options, attributes);
    return new FailingChannel(path, channel);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
    var stream =
        real.newDirectoryStream(
            counted(Operation.LIST, folder), path -> filter.accept(new FailingPath(system, path)));
    var real = stream.iterator();
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return real.hasNext();
          }

          @Override
          public Path next() {
            return new FailingPath(system, real.next());
          }
        };
      }

      @Override
      public void close() throws IOException {
        stream.close();
      }
    };
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
    real.createDirectory(counted(Operation.MAKE, folder), attributes);
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    real.createSymbolicLink(counted(Operation.MAKE, link), real(target), attributes);
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    real.createLink(counted(Operation.MAKE, link), real(existing));
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    return new FailingPath(system, real.readSymbolicLink(counted(Operation.LOOK, link)));
  }

  @Override
  public void delete(Path path) throws IOException {
    real.delete(counted(Operation.DELETE, path));
  }

  @Override
  public boolean deleteIfExists(Path path) throws IOException {
    return real.deleteIfExists(counted(Operation.DELETE, path));
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    Faults.pass(Operation.OPEN, source);
    real.copy(real(source), counted(Operation.MAKE, target), options);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    real.move(real(source), counted(Operation.RENAME, target), options);
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    return real.isSameFile(counted(Operation.LOOK, one), real(other));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return real.isHidden(real(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return real.getFileStore(counted(Operation.LOOK, path));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    real.checkAccess(counted(Operation.LOOK, path), modes);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return real.getFileAttributeView(real(path), type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return real.readAttributes(counted(Operation.LOOK, path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return real.readAttributes(counted(Operation.LOOK, path), attributes, options);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    real.setAttribute(counted(Operation.CHANGE, path), attribute, value, options);
  }
}
