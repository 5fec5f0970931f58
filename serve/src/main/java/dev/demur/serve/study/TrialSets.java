package dev.demur.serve.study;

import dev.demur.lab.prompts.PromptReader;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.trial.Column;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The prompts that trials ask, fixed when the server starts.
///
/// @param sets by what they are for; empty where the operator has none
public record TrialSets(Map<Column, PromptSet> sets) {

  /// The folder within the folder of directions.
  private static final String FOLDER = "prompts";

  public TrialSets {
    var ordered = new EnumMap<Column, PromptSet>(Column.class);
    ordered.putAll(sets);
    sets = Collections.unmodifiableMap(ordered);
  }

  /// A set, as clients are told of it.
  ///
  /// @param name what a trial calls it
  /// @param prompts how many it has
  public record Item(String name, int prompts) {}

  /// The operator's prompts: the files of the folder `prompts` within the folder of directions,
  /// each named after what it is for; without that folder the embedded model's own.
  ///
  /// @param directions the folder of directions
  /// @param model name of the served model
  /// @throws IllegalArgumentException if a file's name is not what a set is called
  public static TrialSets read(Optional<Path> directions, String model) throws IOException {
    var folder = directions.map(all -> all.resolve(FOLDER)).filter(Files::isDirectory);
    return folder.isPresent() ? read(folder.get()) : own(model);
  }

  private static TrialSets own(String model) throws IOException {
    var sets = new EnumMap<Column, PromptSet>(Column.class);
    if (DemoModel.named(model).isPresent()) {
      for (var column : Column.values()) {
        sets.put(column, PromptReader.usual().read(DemoModel.testPrompts(column.text())));
      }
    }
    return new TrialSets(sets);
  }

  private static TrialSets read(Path folder) throws IOException {
    var files = new ArrayList<Path>();
    try (var all = Files.list(folder)) {
      all.sorted().forEach(files::add);
    }
    var sets = new EnumMap<Column, PromptSet>(Column.class);
    for (Path file : files) {
      var column = column(file);
      if (sets.containsKey(column)) {
        throw new IllegalArgumentException(
            folder + ": two files are called " + column.text() + "; keep one");
      }
      sets.put(column, PromptReader.usual().read(file));
    }
    return new TrialSets(sets);
  }

  private static Column column(Path file) {
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "");
    return named(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    file + ": no set of prompts is called so; call the file " + names()));
  }

  /// What a set called so is for.
  static Optional<Column> named(String name) {
    return Arrays.stream(Column.values()).filter(column -> column.text().equals(name)).findFirst();
  }

  private static String names() {
    return Arrays.stream(Column.values()).map(Column::text).collect(Collectors.joining(", "));
  }

  /// The sets as clients are told of them.
  public List<Item> items() {
    return sets.entrySet().stream()
        .map(entry -> new Item(entry.getKey().text(), entry.getValue().size()))
        .toList();
  }
}
