package dev.demur.lab.edit;

import dev.demur.kit.Checkpoints;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.Provenance;
import dev.demur.lab.edit.EditRequest.DirectionOrigin;
import dev.demur.lab.run.Progress;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.folder.HuggingFaceFolder;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/// Tiny checkpoints as folders one can edit.
final class EditableFolders {

  private EditableFolders() {}

  /// The checkpoints that are folders.
  static Stream<Named<Path>> all() throws IOException {
    return Checkpoints.all()
        .filter(named -> Files.exists(named.getPayload().resolve("config.json")));
  }

  /// A copy with all weights in float32, so that an edit rounds nothing away.
  static Path float32(Path checkpoint, Path folder) throws IOException {
    Path copy = Checkpoints.copy(checkpoint, folder);
    try (var files = Files.list(copy)) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().contains("safetensors")).toList()) {
        Files.delete(file);
      }
    }
    try (var source = HuggingFaceFolder.open(checkpoint);
        var _ = Scope.open();
        var writer = SafetensorsWriter.create(copy.resolve("model.safetensors"))) {
      for (String name : source.weights().names()) {
        writer.write(name, source.weights().load(name, DType.F32));
      }
      writer.finish();
    }
    var config = BoundedJson.readObject(copy.resolve("config.json"));
    for (String key : new String[] {"dtype", "torch_dtype"}) {
      if (config.has(key)) {
        config.put(key, "float32");
      }
    }
    Files.writeString(copy.resolve("config.json"), config.toString());
    return copy;
  }

  /// The direction a checkpoint's reference numbers are for.
  static Direction direction(Safetensors golden) throws IOException {
    var at = new HookPoint(1, Site.RESID_PRE);
    return Direction.fromMeanDiff(Checkpoints.tensor(golden, "direction_raw"), at, -1);
  }

  static EditRequest request(WeightEdit edit, Tying tying) {
    return request(edit, tying, Storing.SAME);
  }

  static EditRequest request(WeightEdit edit, Tying tying, Storing storing) {
    var provenance = new Provenance("somewhere", "0", "0", "test");
    return new EditRequest(
        edit, tying, storing, new DirectionOrigin("0", provenance, List.of()), "demur test");
  }

  static EditResult edit(Path source, WeightEdit edit, Tying tying, Path out) throws IOException {
    try (var files = HuggingFaceFolder.open(source)) {
      return FolderEditor.write(files, request(edit, tying), out, Progress.silent());
    }
  }
}
