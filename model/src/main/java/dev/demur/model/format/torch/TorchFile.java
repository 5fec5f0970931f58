package dev.demur.model.format.torch;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.StoredTensor;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.Weights;
import dev.demur.model.local.RegularFile;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/// Tensors in a PyTorch file (`.pt`, `.bin`, `.pth`) as `torch.save` writes it since version 1.6: a
/// zip archive of a pickle and one entry per storage.
///
/// Nothing in the file is executed: the pickle may hold plain containers and tensors only, and is
/// refused by name when it refers to anything else. Tensors are found under the keys that lead to
/// them, joined by dots; a file that is one tensor calls it `tensor`. Offsets and strides of views
/// are honoured.
public final class TorchFile implements Weights {

  private static final byte[] ZIP = {'P', 'K'};

  private final Path path;
  private final ZipFile zip;
  private final String prefix;
  private final Map<String, TorchView> tensors;

  private TorchFile(Path path, ZipFile zip, String prefix, Map<String, TorchView> tensors) {
    this.path = path;
    this.zip = zip;
    this.prefix = prefix;
    this.tensors = tensors;
  }

  /// Opens a file and checks that every tensor lies inside its storage.
  ///
  /// @throws ModelFormatException if it is missing, unsound, or holds more than tensors
  public static TorchFile open(Path path) throws IOException {
    requireZip(path);
    ZipFile zip = openZip(path);
    try {
      return open(path, zip);
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      zip.close();
      throw notAnArchive(path, e);
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private static TorchFile open(Path path, ZipFile zip) throws IOException {
    var archive = new TorchArchive(path, zip);
    String prefix = archive.prefix();
    Object root = Pickle.read(path, archive.pickle(prefix));
    return new TorchFile(path, zip, prefix, TorchView.collect(archive, prefix, root));
  }

  private static void requireZip(Path path) throws IOException {
    try (var in = RegularFile.stream(path)) {
      byte[] start = in.readNBytes(ZIP.length);
      if (!Arrays.equals(start, ZIP)) {
        throw new ModelFormatException(
            path,
            0,
            "is not a zip archive; files of PyTorch before 1.6 and pickles are not read, save it"
                + " again as safetensors");
      }
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(path, "no such file; check the path", e);
    }
  }

  private static ZipFile openZip(Path path) throws IOException {
    try {
      return new ZipFile(RegularFile.of(path).toFile());
    } catch (ZipException | IllegalArgumentException e) {
      throw notAnArchive(path, e);
    }
  }

  private static ModelFormatException notAnArchive(Path path, Exception e) {
    return new ModelFormatException(
        path, "is not a sound zip archive (" + e.getMessage() + "); fetch it again", e);
  }

  /// The file.
  public Path path() {
    return path;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  @Override
  public TensorInfo info(String name) throws ModelFormatException {
    return view(name).info();
  }

  @Override
  public Tensor load(String name, DType dtype) throws IOException {
    StoredTensor.requireLoadable(dtype);
    var view = view(name);
    try (var scope = Scope.open()) {
      var stored = read(view);
      var plain = StoredTensor.of(path, view.info(), stored.segment(), view.type());
      plain.requireFinite();
      return scope.keep(view.type() == dtype ? stored : plain.load(dtype));
    }
  }

  /// Reads a tensor in the type it is stored in, whatever that is: float64 stays float64.
  ///
  /// @throws ModelFormatException if there is no such tensor or its bytes are unsound
  public Tensor load(String name) throws IOException {
    var view = view(name);
    try (var scope = Scope.open()) {
      return scope.keep(read(view));
    }
  }

  private TorchView view(String name) throws ModelFormatException {
    return Optional.ofNullable(tensors.get(name))
        .orElseThrow(
            () ->
                new ModelFormatException(
                    path, "no tensor \"" + name + "\" among " + tensors.size()));
  }

  /// The view's elements in row-major order.
  private Tensor read(TorchView view) throws IOException {
    var tensor = Tensor.empty(view.type(), view.shape());
    if (tensor.elements() == 0) {
      return tensor;
    }
    if (view.isContiguous()) {
      fill(tensor.segment(), view);
    } else {
      var whole = Tensor.empty(view.type(), view.span());
      fill(whole.segment(), view);
      view.gather(whole.segment(), tensor.segment());
    }
    return tensor;
  }

  /// Copies the stretch of the storage that the view touches.
  private void fill(MemorySegment to, TorchView view) throws IOException {
    byte[] buffer = new byte[1 << 16];
    try (var in = zip.getInputStream(zip.getEntry(prefix + "data/" + view.key()))) {
      in.skipNBytes(view.offset() * view.type().bytes());
      long at = 0;
      while (at < to.byteSize()) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, to.byteSize() - at));
        if (read < 0) {
          throw new ModelFormatException(
              path, "storage " + view.key() + " is cut short; fetch the file again");
        }
        MemorySegment.copy(buffer, 0, to, ValueLayout.JAVA_BYTE, at, read);
        at += read;
      }
    } catch (ZipException | EOFException e) {
      throw notAnArchive(path, e);
    }
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be closed", e);
    }
  }
}
