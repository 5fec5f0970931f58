package dev.demur.app.command.measure;

import dev.demur.lab.prompts.PromptReader;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.trial.Column;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// The sets of prompts a command asks, by what they are for.
///
/// @param model as the user named it; an embedded one brings prompts of its own
/// @param limit prompts of each set; all where it is empty
record ColumnSets(String model, Optional<Integer> limit) {

  ColumnSets {
    if (limit.isPresent() && limit.get() < 1) {
      throw new IllegalArgumentException("--limit must be >= 1, was " + limit.get());
    }
  }

  /// Reads sets.
  ///
  /// @param files the user's file of every set the command knows, or none
  /// @param options names of the options that name them, for people
  /// @throws IllegalArgumentException if there is no set at all
  Map<Column, PromptSet> read(Map<Column, Optional<Path>> files, String options)
      throws IOException {
    var sets = new EnumMap<Column, PromptSet>(Column.class);
    for (var entry : new EnumMap<>(files).entrySet()) {
      var given = entry.getValue();
      var path = given.isPresent() ? given : usual(entry.getKey());
      if (path.isPresent()) {
        var read = PromptReader.usual().read(path.get());
        sets.put(entry.getKey(), limit.isPresent() ? read.first(limit.get()) : read);
      }
    }
    if (sets.isEmpty()) {
      throw new IllegalArgumentException("no prompts to ask; name some with " + options);
    }
    return sets;
  }

  private Optional<Path> usual(Column column) throws IOException {
    return DemoModel.named(model).isEmpty()
        ? Optional.empty()
        : Optional.of(DemoModel.testPrompts(column.text()));
  }
}
