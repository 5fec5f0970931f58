package dev.demur.lab.paper;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The values of one published work, each with the table it stands in. A value that could not be
/// found in print is not here; [#missing] names what is left out.
///
/// @param name what options call it, for example `arditi2024`
/// @param title the work
/// @param models the models it measured
/// @param values every number
/// @param missing what it shows without printing a number
/// @param checked which numbers were compared with a second source, and which could not be
public record Published(
    String name,
    String title,
    List<Model> models,
    List<Value> values,
    List<String> missing,
    List<String> checked) {

  /// The works this program has values of.
  public static final List<String> NAMES = List.of("arditi2024");

  /// The works this program has values of that are about maps of many directions.
  public static final List<String> OF_MAPS =
      List.of("joad2026", "hong2025", "wang2025", "ghandeharioun2024");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// A model of the work.
  ///
  /// @param name as the work calls it
  /// @param checkpoint the end of its name on the hub
  public record Model(String name, String checkpoint) {}

  /// One number.
  ///
  /// @param model whose
  /// @param quantity what it measures
  /// @param value in the unit of a run's number: shares from 0 to 1, nats
  /// @param source where it stands
  public record Value(String model, Quantity quantity, double value, String source) {}

  /// A table of the data file.
  private record Columns(
      String source,
      List<String> quantities,
      @JsonProperty("rows") Map<String, List<@Nullable Double>> rows) {}

  private record Document(
      String name,
      String title,
      List<Model> models,
      List<Columns> tables,
      List<String> missing,
      @Nullable List<String> checked) {}

  public Published {
    models = List.copyOf(models);
    values = List.copyOf(values);
    missing = List.copyOf(missing);
    checked = List.copyOf(checked);
  }

  /// The work called so.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Published named(String name) {
    if (!NAMES.contains(name) && !OF_MAPS.contains(name)) {
      throw new IllegalArgumentException(
          "no published values are called \"%s\"; there are %s"
              .formatted(name, String.join(", ", NAMES)));
    }
    try (InputStream in = Published.class.getResourceAsStream(name + ".json")) {
      if (in == null) {
        throw new IllegalStateException("the values of " + name + " are not in this program");
      }
      return of(JSON.readValue(in, Document.class));
    } catch (IOException e) {
      throw new IllegalStateException("the values of " + name + " cannot be read", e);
    }
  }

  private static Published of(Document document) {
    var values = new ArrayList<Value>();
    for (var table : document.tables()) {
      var quantities = table.quantities().stream().map(Quantity::of).toList();
      table
          .rows()
          .forEach(
              (model, row) -> {
                for (int i = 0; i < quantities.size(); i++) {
                  Double number = row.get(i);
                  if (number != null) {
                    values.add(new Value(model, quantities.get(i), number, table.source()));
                  }
                }
              });
    }
    values.addAll(changes(values));
    return new Published(
        document.name(),
        document.title(),
        document.models(),
        values,
        document.missing(),
        Objects.requireNonNullElse(document.checked(), List.of()));
  }

  /// Differences from the unedited model, of the printed numbers: each may be off by one in the
  /// last printed digit.
  private static List<Value> changes(List<Value> values) {
    var found = new LinkedHashMap<List<Object>, Double>();
    values.forEach(v -> found.put(List.of(v.model(), v.quantity()), v.value()));
    var changes = new ArrayList<Value>();
    for (var value : values) {
      Double before = found.get(List.of(value.model(), value.quantity().unedited()));
      if (value.quantity().isComparedByChange() && before != null) {
        changes.add(
            new Value(
                value.model(),
                value.quantity().change(),
                value.value() - before,
                value.source() + ", difference of two entries"));
      }
    }
    return changes;
  }

  /// The model of the work that a checkpoint is, judged by its name.
  ///
  /// @param name of a folder, a file or a repository
  public Optional<Model> modelOf(String name) {
    String plain = plain(name);
    return models.stream().filter(model -> plain.contains(plain(model.checkpoint()))).findFirst();
  }

  /// Everything measured of one model.
  public List<Value> of(Model model) {
    return values.stream().filter(value -> value.model().equals(model.name())).toList();
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
