package dev.demur.lab.edit;

import dev.demur.lab.edit.FolderEditor.WrittenShard;
import dev.demur.model.format.ByteSink;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Writes one edited weight file.
///
/// @param file the source
/// @param plan what changes
/// @param record what the file's metadata tells of
record ShardEditor(Safetensors file, EditPlan plan, EditRecord record) {

  /// A tensor to be written, and what with.
  private record Content(TensorInfo info, ByteSink.Source source) {}

  WrittenShard write(Path target) throws IOException {
    var contents = contents();
    // Falling element size keeps every tensor aligned without a second copy of the data.
    contents.sort(Comparator.comparingLong(ShardEditor::elementBytes).reversed());
    try (var writer = SafetensorsWriter.create(target, contents.size() + 8)) {
      file.metadata().forEach(writer::metadata);
      describe(writer);
      for (var content : contents) {
        writer.write(content.info, content.source);
      }
      writer.finish();
    }
    var names = new TreeSet<String>();
    contents.forEach(content -> names.add(content.info.name()));
    return new WrittenShard(names, contents.stream().mapToLong(c -> c.info.bytes()).sum());
  }

  private void describe(SafetensorsWriter writer) {
    if (!file.metadata().containsKey("format")) {
      writer.metadata("format", "pt"); // transformers refuses files that do not say
    }
    writer.metadata("demur_tool", record.json().path("tool").asString(""));
    writer.metadata("demur_operation", record.operation());
    writer.metadata(
        "demur_source_sha256", record.json().path("source").path("weights_sha256").asString(""));
    writer.metadata("demur_direction_sha256", record.directionSha256());
  }

  private static long elementBytes(Content content) {
    return content.info.elements() == 0 ? 0 : content.info.bytes() / content.info.elements();
  }

  private List<Content> contents() throws IOException {
    var contents = new ArrayList<Content>();
    for (String name : file.names()) {
      if (isReplaced(name)) {
        continue;
      }
      var change = plan.changes().get(name);
      if (change == null) {
        contents.add(new Content(file.info(name), file.source(name)));
      } else {
        var matrices = file.matrices(name);
        contents.add(new Content(file.info(name), sink -> change.write(matrices, sink)));
      }
    }
    addUnembedding(contents);
    addBiases(contents);
    return contents;
  }

  /// A tied checkpoint may hold an unembedding that nothing reads; the copy of the embedding takes
  /// its place.
  private boolean isReplaced(String name) {
    return plan.untied().map(untied -> untied.unembedding().equals(name)).orElse(false);
  }

  private void addUnembedding(List<Content> contents) throws IOException {
    if (plan.untied().isEmpty() || !file.names().contains(plan.untied().get().embedding())) {
      return;
    }
    String embedding = plan.untied().get().embedding();
    var info = file.info(embedding);
    contents.add(
        new Content(
            new TensorInfo(
                plan.untied().get().unembedding(), info.type(), info.shape(), info.bytes()),
            file.source(embedding)));
  }

  private void addBiases(List<Content> contents) throws IOException {
    if (plan.bias().isEmpty()) {
      return;
    }
    var added = plan.bias().get();
    Set<String> present = file.names();
    for (String matrix : present) {
      String bias = BiasPlaces.Added.biasOf(matrix);
      if (BiasPlaces.Added.needsOne(matrix) && !present.contains(bias)) {
        boolean shifted = matrix.equals(added.matrix());
        contents.add(bias(bias, file.info(matrix), shifted ? List.of(added.shift()) : List.of()));
      }
    }
  }

  /// A bias for a matrix: the shift, or zeros.
  private static Content bias(String name, TensorInfo matrix, List<Tensor> shift) {
    var type = DType.ofSafetensors(matrix.type()).orElseThrow();
    long rows = matrix.shape().getFirst();
    return new Content(
        new TensorInfo(name, matrix.type(), List.of(rows), rows * type.bytes()),
        sink -> {
          try (var _ = Scope.open()) {
            var values = shift.isEmpty() ? Tensor.zeros(type, rows) : shift.getFirst().to(type);
            sink.append(values.contiguous().segment());
          }
        });
  }
}
