package dev.demur.toy.train;

import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// A training run as it stood after some step, in one file that is replaced in one move: a run that
/// is killed at any time continues from the last one.
///
/// @param file `checkpoint.safetensors` in the run's folder
/// @param recipe the recipe it belongs to; phases that have not begun may still change
record Checkpoint(Path file, Recipe recipe) {

  private static final String RECIPE = "recipe";
  private static final String PHASE = "phase";
  private static final String STEP = "step";
  private static final String SUM = "sha256";

  /// Where a run stands.
  ///
  /// @param phase index of the phase
  /// @param step steps of it that are done
  record Place(int phase, int step) {}

  /// Writes the file.
  void write(Place place, Parameters parameters, List<Tensor> moments) throws IOException {
    try (var _ = Torch.inference();
        var _ = Scope.open();
        var writer = SafetensorsWriter.create(file)) {
      writer.metadata(RECIPE, recipe.upTo(place.phase()));
      writer.metadata(PHASE, Integer.toString(place.phase()));
      writer.metadata(STEP, Integer.toString(place.step()));
      var all = new TreeMap<String, Tensor>(parameters.tensors());
      for (int i = 0; i < moments.size(); i++) {
        all.put(momentName(i), moments.get(i));
      }
      var sum = sum(recipe.upTo(place.phase()), place);
      for (var entry : all.entrySet()) {
        var tensor = entry.getValue().on(Device.CPU).contiguous();
        sum.add(entry.getKey()).add(tensor.segment());
        writer.write(entry.getKey(), tensor);
      }
      writer.metadata(SUM, sum.hex());
      writer.finish();
    }
  }

  private static Sum sum(String recipe, Place place) {
    return new Sum().add(recipe).add(place.toString());
  }

  /// Where the run in the folder stands, or nothing when none was begun.
  ///
  /// @throws IOException if the folder holds a run of another recipe, or the file is not as it was
  ///   written
  Optional<Place> place() throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (var stored = Safetensors.open(file)) {
      Map<String, String> metadata = stored.metadata();
      var place = new Place(number(metadata, PHASE), number(metadata, STEP));
      if (!recipe.upTo(place.phase()).equals(metadata.get(RECIPE))) {
        throw new IOException(
            file
                + ": belongs to another recipe or seed; choose an empty folder or delete the file");
      }
      var sum = sum(recipe.upTo(place.phase()), place);
      for (String name : new TreeSet<>(stored.names())) {
        sum.add(name).add(stored.bytes(name));
      }
      if (!sum.hex().equals(metadata.get(SUM))) {
        throw new IOException("altered: " + file + "; delete it or run again in another folder");
      }
      return Optional.of(place);
    }
  }

  /// Reads the weights into the parameters.
  void readWeights(Parameters parameters) throws IOException {
    try (var stored = Safetensors.open(file)) {
      for (var entry : parameters.tensors().entrySet()) {
        copy(stored, entry.getKey(), entry.getValue());
      }
    }
  }

  /// Reads the optimiser's moments.
  void readMoments(List<Tensor> moments) throws IOException {
    try (var stored = Safetensors.open(file)) {
      for (int i = 0; i < moments.size(); i++) {
        copy(stored, momentName(i), moments.get(i));
      }
    }
  }

  private static void copy(Safetensors stored, String name, Tensor into) throws IOException {
    long[] shape = into.shape().stream().mapToLong(Long::longValue).toArray();
    try (var _ = Torch.inference();
        var _ = Scope.open()) {
      into.copyInPlace(Tensor.map(stored.bytes(name), DType.F32, shape));
    }
  }

  private static String momentName(int index) {
    return "moment." + index;
  }

  private int number(Map<String, String> metadata, String key) throws IOException {
    try {
      return Integer.parseInt(metadata.getOrDefault(key, ""));
    } catch (NumberFormatException e) {
      throw new IOException(file + ": \"" + key + "\" is not a number; delete the file", e);
    }
  }
}
