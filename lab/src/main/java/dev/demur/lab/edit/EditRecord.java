package dev.demur.lab.edit;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.steer.Reach;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.lab.steer.WeightEdit.Lengths;
import dev.demur.model.arch.writer.StreamWriter.Component;
import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What was done to a checkpoint: `demur.json` beside its weights, or the pair `demur.edit` of a
/// GGUF file. docs/formats.md describes it.
///
/// @param json the record itself
public record EditRecord(ObjectNode json) {

  /// Its name in an edited folder.
  public static final String FILE = "demur.json";

  /// Its key in the metadata of an edited GGUF file.
  public static final String KEY = "demur.edit";

  private static final String FORMAT = "demur-edit";
  private static final int VERSION = 1;

  private static final String ORTHOGONALIZE = "orthogonalize";
  private static final String ADDITION = "addition";
  private static final String COLUMN_LENGTHS = "column_lengths";
  private static final String KEPT = "kept";
  private static final String OFF = "projected_off";

  /// The record of an edit about to be made.
  ///
  /// @param source the model
  /// @param tensors names of what changes
  static EditRecord of(EditRequest request, Source source, List<String> tensors) {
    var json = JsonMapper.shared().createObjectNode();
    json.put("format", FORMAT).put("version", VERSION).put("tool", request.tool());
    json.put("created", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    json.putObject("source")
        .put("name", source.name())
        .put("weights_sha256", source.weightsSha256())
        .put("family", source.family())
        .put("layers", source.layers())
        .put("d_model", request.edit().direction().dModel());
    var direction = request.edit().direction();
    json.putObject("direction")
        .put("sha256", request.direction().sha256())
        .put("model", request.direction().provenance().model())
        .put("model_sha256", request.direction().provenance().weightsSha256())
        .put("hook_point", direction.source().toString())
        .put("position", direction.position())
        .put("norm", direction.norm());
    if (!request.direction().projectedOff().isEmpty()) {
      request.direction().projectedOff().forEach(json.withObject("direction").putArray(OFF)::add);
    }
    var operation = json.putObject("operation");
    describe(request.edit(), source.layers(), operation);
    operation.put("precision", "float32");
    if (request.storing() != Storing.SAME) {
      operation.put("store", request.storing().text());
    }
    operation.put("tied_embeddings", source.tying().text());
    tensors.forEach(json.putArray("tensors")::add);
    return new EditRecord(json);
  }

  /// The model an edit was made from.
  ///
  /// @param tying what became of its unembedding
  record Source(String name, String weightsSha256, String family, int layers, Tied tying) {}

  /// What became of the unembedding.
  enum Tied {
    /// It had a tensor of its own before.
    NONE,
    UNTIED,
    /// It is the embedding still; edited with it, if that was edited.
    KEPT;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static void describe(WeightEdit edit, int layers, ObjectNode operation) {
    switch (edit) {
      case WeightEdit.Orthogonalize(_, var strength, var reach, var lengths) -> {
        operation.put("kind", ORTHOGONALIZE).put("strength", strength);
        if (lengths == Lengths.KEPT) {
          operation.put(COLUMN_LENGTHS, KEPT);
        }
        operation.put("first_layer", reach.first());
        operation.put("last_layer", Math.min(reach.last(), layers - 1));
        List.of(reach.names().split(",")).forEach(operation.putArray("components")::add);
      }
      case WeightEdit.Shift(_, var coefficient) ->
          operation.put("kind", ADDITION).put("coefficient", coefficient);
    }
  }

  /// Reads a record.
  ///
  /// @throws ModelFormatException if it is none, or of another version
  public static EditRecord read(Path file) throws IOException {
    return check(file, BoundedJson.readObject(file));
  }

  /// Parses a record.
  ///
  /// @param file where the text was found
  /// @throws ModelFormatException if it is none, or of another version
  public static EditRecord parse(Path file, String text) throws ModelFormatException {
    return check(file, BoundedJson.parse(file, text.getBytes(StandardCharsets.UTF_8)));
  }

  private static EditRecord check(Path file, JsonNode json) throws ModelFormatException {
    if (json instanceof ObjectNode object
        && object.path("format").asString("").equals(FORMAT)
        && object.path("version").asInt(0) == VERSION) {
      return new EditRecord(object);
    }
    throw new ModelFormatException(
        file, "is not a record of an edit (" + FORMAT + ", version " + VERSION + ")");
  }

  /// The edit it tells of, with a direction that is given.
  ///
  /// @throws IllegalArgumentException if the record does not say
  public WeightEdit edit(Direction direction) {
    var operation = json.path("operation");
    String kind = operation.path("kind").asString("");
    return switch (kind) {
      case ORTHOGONALIZE -> {
        var components = EnumSet.noneOf(Component.class);
        for (var name : operation.path("components")) {
          components.add(Component.valueOf(name.asString("").toUpperCase(Locale.ROOT)));
        }
        var reach =
            new Reach(
                operation.path("first_layer").asInt(0),
                operation.path("last_layer").asInt(0),
                components);
        yield new WeightEdit.Orthogonalize(
            projected(direction),
            operation.path("strength").asDouble(),
            reach,
            areLengthsKept() ? Lengths.KEPT : Lengths.CHANGED);
      }
      case ADDITION -> new WeightEdit.Shift(direction, operation.path("coefficient").asDouble());
      default ->
          throw new IllegalArgumentException(
              "the record of the edit names the operation \""
                  + kind
                  + "\", known are "
                  + ORTHOGONALIZE
                  + " and "
                  + ADDITION);
    };
  }

  /// The direction without the mean that the record says was taken out of it.
  private Direction projected(Direction direction) {
    var off = json.path("direction").path(OFF).values();
    if (off.isEmpty()) {
      return direction;
    }
    double[] mean = off.stream().mapToDouble(x -> x.asDouble(Double.NaN)).toArray();
    if (mean.length != direction.dModel() || !Arrays.stream(mean).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException(
          "the record of the edit has a mean of "
              + mean.length
              + " numbers that was taken out of the direction, expected "
              + direction.dModel()
              + " finite ones");
    }
    return direction.without(Tensor.ofDoubles(mean, mean.length));
  }

  private boolean areLengthsKept() {
    return json.path("operation").path(COLUMN_LENGTHS).asString("").equals(KEPT);
  }

  /// SHA-256 of the direction's file.
  public String directionSha256() {
    return json.path("direction").path("sha256").asString("");
  }

  /// Whether an unembedding was edited with the embedding it is tied to.
  public boolean isUnembeddingEdited() {
    return json.path("operation").path("tied_embeddings").asString("").equals(Tied.KEPT.text())
        && json.path("operation").path("components").values().stream()
            .anyMatch(c -> c.asString("").equalsIgnoreCase(Component.EMBEDDING.name()));
  }

  /// The operation in one line, for people.
  public String operation() {
    var operation = json.path("operation");
    return operation.path("kind").asString("").equals(ADDITION)
        ? "activation addition as a bias, coefficient " + operation.path("coefficient").asDouble()
        : String.format(
            Locale.ROOT,
            "weight orthogonalisation%s%s, strength %s, layers %d to %d, %s",
            json.path("direction").has(OFF) ? " off the harmless mean" : "",
            areLengthsKept() ? " at kept column lengths" : "",
            operation.path("strength").asDouble(),
            operation.path("first_layer").asInt(0),
            operation.path("last_layer").asInt(0),
            String.join(
                ", ",
                operation.path("components").values().stream().map(c -> c.asString("")).toList()));
  }

  /// The record on one line.
  String line() {
    return json.toString();
  }

  byte[] pretty() {
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
  }
}
