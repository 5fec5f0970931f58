package dev.demur.lab.policy;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.FileMetadata;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// The ingredients of a policy in its file: a JSON list in the metadata, and two tensors at most
/// each, `I` and `I.centre` for the ingredient with index I.
final class IngredientTable {

  private static final String KEY = "names";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private IngredientTable() {}

  /// One ingredient's entry.
  ///
  /// @param number norm of a direction, bias of a probe, otherwise 0
  /// @param position token, from the end; −1 where none is meant
  record Entry(String name, Kind kind, String hookPoint, int position, double number) {}

  enum Kind {
    DIRECTION,
    CENTRED,
    SUBSPACE,
    MAP,
    PROBE
  }

  static void write(Map<String, Ingredient> ingredients, SafetensorsWriter writer)
      throws IOException {
    var entries = new ArrayList<Entry>();
    for (var pair : ingredients.entrySet()) {
      String tensor = String.valueOf(entries.size());
      entries.add(entry(pair.getKey(), pair.getValue()));
      switch (pair.getValue()) {
        case Ingredient.Line(var direction) -> writer.write(tensor, direction.unit());
        case Ingredient.Centred(var direction, var centre) -> {
          writer.write(tensor, direction.unit());
          writer.write(tensor + ".centre", centre.tensor());
        }
        case Ingredient.Subspace(var basis, _, _) -> writer.write(tensor, basis.tensor());
        case Ingredient.LinearMap(var matrix, _) -> writer.write(tensor, matrix.tensor());
        case Ingredient.Detector(var weight, _, _, _) -> writer.write(tensor, weight.tensor());
      }
    }
    writer.metadata(KEY, JSON.writeValueAsString(entries));
  }

  private static Entry entry(String name, Ingredient ingredient) {
    String at = ingredient.source().toString();
    return switch (ingredient) {
      case Ingredient.Line(var d) -> new Entry(name, Kind.DIRECTION, at, d.position(), d.norm());
      case Ingredient.Centred(var d, _) ->
          new Entry(name, Kind.CENTRED, at, d.position(), d.norm());
      case Ingredient.Subspace(_, _, int position) ->
          new Entry(name, Kind.SUBSPACE, at, position, 0);
      case Ingredient.LinearMap _ -> new Entry(name, Kind.MAP, at, -1, 0);
      case Ingredient.Detector(_, double bias, _, int position) ->
          new Entry(name, Kind.PROBE, at, position, bias);
    };
  }

  static Map<String, Ingredient> read(FileMetadata metadata, Safetensors stored)
      throws IOException {
    var table = new LinkedHashMap<String, Ingredient>();
    var entries = entries(metadata);
    for (int i = 0; i < entries.size(); i++) {
      var entry = entries.get(i);
      var earlier = table.put(entry.name(), ingredient(entry, String.valueOf(i), metadata, stored));
      if (earlier != null) {
        throw metadata.wrong(KEY, entry.name() + " twice", "each name once");
      }
    }
    return table;
  }

  private static List<Entry> entries(FileMetadata metadata) throws IOException {
    String text = metadata.text(KEY);
    try {
      return List.of(JSON.readValue(text, Entry[].class));
    } catch (JacksonException | NullPointerException _) { // a null in the list
      throw metadata.wrong(KEY, text, "a list of ingredients");
    }
  }

  private static Ingredient ingredient(
      Entry entry, String tensor, FileMetadata metadata, Safetensors stored) throws IOException {
    var source = HookPoint.parse(entry.hookPoint());
    var values = numbers(tensor, metadata, stored);
    return switch (entry.kind()) {
      case DIRECTION ->
          new Ingredient.Line(
              new Direction(values.tensor(), entry.number(), source, entry.position()));
      case CENTRED ->
          new Ingredient.Centred(
              new Direction(values.tensor(), entry.number(), source, entry.position()),
              numbers(tensor + ".centre", metadata, stored));
      case SUBSPACE -> new Ingredient.Subspace(values, source, entry.position());
      case MAP -> new Ingredient.LinearMap(values, source);
      case PROBE -> new Ingredient.Detector(values, entry.number(), source, entry.position());
    };
  }

  private static Numbers numbers(String name, FileMetadata metadata, Safetensors stored)
      throws IOException {
    var info = stored.info(name);
    if (!info.type().equals("F32") || info.shape().size() > 2 || info.shape().contains(0L)) {
      throw new ModelFormatException(
          metadata.file(), "tensor " + name + " is " + info + ", expected F32 of numbers");
    }
    long[] shape = info.shape().stream().mapToLong(Long::longValue).toArray();
    return new Numbers(Tensor.of(FileMetadata.floats(stored.bytes(name)), shape));
  }
}
