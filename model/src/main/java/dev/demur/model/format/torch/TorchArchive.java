package dev.demur.model.format.torch;

import dev.demur.model.format.ModelFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// The entries of a PyTorch archive.
///
/// @param path the file, for error messages
/// @param zip the open archive
record TorchArchive(Path path, ZipFile zip) {

  private static final String PICKLE = "data.pkl";

  /// The pickle of a model of ten thousand tensors has about two megabytes.
  private static final long MAX_PICKLE_BYTES = 16 << 20;

  /// What all entries' names start with: the name the file was saved under, and a slash.
  String prefix() throws ModelFormatException {
    return zip.stream()
        .map(ZipEntry::getName)
        .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
        .map(name -> name.substring(0, name.length() - PICKLE.length()))
        .findFirst()
        .orElseThrow(
            () ->
                new ModelFormatException(
                    path, "a zip archive without data.pkl; torch.save did not write it"));
  }

  byte[] pickle(String prefix) throws IOException {
    String order = new String(content(prefix + "byteorder", 16), StandardCharsets.US_ASCII);
    if (order.startsWith("big")) {
      throw new ModelFormatException(path, "holds big-endian numbers; save it on another machine");
    }
    return content(prefix + PICKLE, MAX_PICKLE_BYTES);
  }

  /// An entry's bytes; none when there is no such entry.
  private byte[] content(String name, long most) throws IOException {
    var entry = zip.getEntry(name);
    if (entry == null) {
      return new byte[0];
    }
    try (var in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes((int) most + 1);
      if (bytes.length > most) {
        throw new ModelFormatException(path, name + " has more than " + most + " bytes");
      }
      return bytes;
    }
  }

  /// Length of a storage.
  ///
  /// @throws ModelFormatException if there is none, or it is compressed: torch never does that, and
  ///   it would let a small file ask for much memory
  long storageBytes(String prefix, String key) throws ModelFormatException {
    @Nullable ZipEntry entry = zip.getEntry(prefix + "data/" + key);
    if (entry == null || entry.isDirectory()) {
      throw new ModelFormatException(path, "storage \"" + key + "\" is missing; fetch it again");
    }
    if (entry.getMethod() != ZipEntry.STORED || entry.getSize() != entry.getCompressedSize()) {
      throw new ModelFormatException(path, "storage \"" + key + "\" is compressed; save it again");
    }
    return entry.getSize();
  }
}
