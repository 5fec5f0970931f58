package dev.demur.model;

import dev.demur.model.format.GgufMetadata;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.gguf.Gguf;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.format.torch.TorchFile;
import dev.demur.model.local.RegularFile;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Any file of named tensors under the names it gives them: safetensors, GGUF, or PyTorch's.
///
/// The first bytes of a file decide its format, not its name.
public final class TensorFile implements AutoCloseable {

  private final Path path;
  private final Format format;
  private final Contents contents;

  /// The kinds of files.
  public enum Format {
    SAFETENSORS,
    GGUF,
    TORCH
  }

  /// An open file of one of the kinds.
  private sealed interface Contents {

    record OfSafetensors(Safetensors file) implements Contents {}

    record OfGguf(Gguf file) implements Contents {}

    record OfTorch(TorchFile file) implements Contents {}
  }

  private TensorFile(Path path, Format format, Contents contents) {
    this.path = path;
    this.format = format;
    this.contents = contents;
  }

  /// Opens a file.
  ///
  /// @throws ModelFormatException if it is missing, unsound or of another kind
  public static TensorFile open(Path path) throws IOException {
    return switch (format(path)) {
      case GGUF -> new TensorFile(path, Format.GGUF, new Contents.OfGguf(Gguf.open(path)));
      case TORCH -> new TensorFile(path, Format.TORCH, new Contents.OfTorch(TorchFile.open(path)));
      case SAFETENSORS ->
          new TensorFile(
              path, Format.SAFETENSORS, new Contents.OfSafetensors(Safetensors.open(path)));
    };
  }

  private static Format format(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new ModelFormatException(path, "is a folder, expected a file of tensors");
    }
    try (var in = RegularFile.stream(path)) {
      String start = new String(in.readNBytes(9), StandardCharsets.ISO_8859_1);
      if (start.startsWith("GGUF")) {
        return Format.GGUF;
      }
      // Eight bytes of length come before the JSON of safetensors; PyTorch's old format is a
      // pickle, which the reader of its files refuses in its own words.
      boolean isJson = start.length() == 9 && start.charAt(8) == '{';
      return isJson ? Format.SAFETENSORS : Format.TORCH;
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(path, "no such file; check the path", e);
    }
  }

  /// The file.
  public Path path() {
    return path;
  }

  public Format format() {
    return format;
  }

  /// Names of all tensors, in file order.
  public Set<String> names() {
    return switch (contents) {
      case Contents.OfSafetensors(var file) -> file.names();
      case Contents.OfGguf(var file) -> file.names();
      case Contents.OfTorch(var file) -> file.names();
    };
  }

  /// What the file says about a tensor.
  ///
  /// @throws ModelFormatException if there is no such tensor
  public TensorInfo info(String name) throws ModelFormatException {
    return switch (contents) {
      case Contents.OfSafetensors(var file) -> file.info(name);
      case Contents.OfGguf(var file) -> file.info(name);
      case Contents.OfTorch(var file) -> file.info(name);
    };
  }

  /// The pairs a file has beside its tensors, as text; lists are left out. PyTorch's has none.
  public Map<String, String> metadata() {
    return switch (contents) {
      case Contents.OfSafetensors(var file) -> file.metadata();
      case Contents.OfGguf(var file) -> text(file.metadata());
      case Contents.OfTorch _ -> Map.of();
    };
  }

  private static Map<String, String> text(GgufMetadata metadata) {
    var pairs = new LinkedHashMap<String, String>();
    for (var entry : metadata.values().entrySet()) {
      if (!(entry.getValue() instanceof Iterable<?>)) {
        pairs.put(entry.getKey(), entry.getValue().toString());
      }
    }
    return pairs;
  }

  /// Reads a tensor as real numbers: float64 where it is stored so, else float32. A copy.
  ///
  /// @throws ModelFormatException if there is no such tensor or its bytes are unsound
  public Tensor load(String name) throws IOException {
    boolean wide = info(name).type().equals(DType.F64.safetensorsName());
    return switch (contents) {
      case Contents.OfSafetensors(var file) ->
          wide ? wide(file, name) : file.stored(name).load(DType.F32).copy();
      case Contents.OfGguf(var file) -> file.stored(name).load(DType.F32).copy();
      case Contents.OfTorch(var file) -> wide ? wide(file, name) : file.load(name, DType.F32);
    };
  }

  private static Tensor wide(TorchFile file, String name) throws IOException {
    var tensor = file.load(name);
    if (tensor.firstNonFinite() >= 0) {
      throw new ModelFormatException(
          file.path(), "tensor \"" + name + "\" holds a NaN or an infinity; fetch it again");
    }
    return tensor;
  }

  private static Tensor wide(Safetensors file, String name) throws IOException {
    var stored = file.stored(name);
    stored.requireFinite();
    return Tensor.map(stored.bytes(), DType.F64, stored.shape()).copy();
  }

  @Override
  public void close() {
    switch (contents) {
      case Contents.OfSafetensors(var file) -> file.close();
      case Contents.OfGguf(var file) -> file.close();
      case Contents.OfTorch(var file) -> file.close();
    }
  }
}
