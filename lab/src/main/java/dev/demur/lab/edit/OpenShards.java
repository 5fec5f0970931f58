package dev.demur.lab.edit;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.WeightShards;
import dev.demur.model.format.folder.HuggingFaceFolder;
import dev.demur.model.format.safetensors.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The weight files of a folder as they are on disk, in name order.
///
/// @param folder the folder
/// @param files its files
record OpenShards(Path folder, List<Safetensors> files) implements AutoCloseable {

  OpenShards {
    files = List.copyOf(files);
  }

  /// Opens the files of a folder.
  ///
  /// @throws ModelFormatException if they are PyTorch's own
  static OpenShards of(HuggingFaceFolder source) throws IOException {
    var shards = WeightShards.find(source.folder());
    if (shards.isTorch()) {
      throw new ModelFormatException(
          shards.files().getFirst(),
          "is a PyTorch file; only safetensors are edited, save the model anew with transformers:"
              + " save_pretrained(folder)");
    }
    var files = new ArrayList<Safetensors>();
    try {
      for (Path file : shards.files()) {
        files.add(Safetensors.open(file));
      }
      return new OpenShards(source.folder(), files);
    } catch (IOException | RuntimeException e) {
      files.forEach(Safetensors::close);
      throw e;
    }
  }

  /// The file that holds a tensor.
  ///
  /// @throws ModelFormatException if the tensor is only there in packed form
  Safetensors holding(String tensor) throws ModelFormatException {
    return files.stream()
        .filter(file -> file.names().contains(tensor))
        .findFirst()
        .orElseThrow(
            () ->
                new ModelFormatException(
                    folder,
                    "tensor \""
                        + tensor
                        + "\" is stored packed, with scales of its own; only plain types are"
                        + " edited, save the model dequantised first"));
  }

  @Override
  public void close() {
    files.forEach(Safetensors::close);
  }
}
