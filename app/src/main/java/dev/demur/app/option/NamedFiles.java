package dev.demur.app.option;

import dev.demur.app.cli.Terminal;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Operation;
import dev.demur.lab.monitor.Monitor;
import dev.demur.lab.policy.Ingredient;
import dev.demur.lab.policy.Names;
import dev.demur.lab.policy.PolicyFile;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Names that stand for files: those given with a path, and paths themselves. Remembers what it has
/// read.
final class NamedFiles implements Names {

  private final Map<String, Path> given;
  private final Optional<For> use;
  private final Map<String, Ingredient> read = new HashMap<>();
  private final Map<String, DirectionFile> directions = new HashMap<>();

  /// The model a policy is for, and who is told what speaks against it.
  record For(ChatModel model, Terminal terminal) {}

  /// @param given names with the paths they stand for
  /// @param use the model it is all for, where there is one
  NamedFiles(Map<String, Path> given, Optional<For> use) {
    this.given = Map.copyOf(given);
    this.use = use;
  }

  @Override
  public Optional<Ingredient> find(String name) {
    if (!read.containsKey(name)) {
      path(name).ifPresent(path -> read.put(name, ingredient(name, path)));
    }
    return Optional.ofNullable(read.get(name));
  }

  @Override
  public List<String> known() {
    return given.keySet().stream().sorted().toList();
  }

  /// Makes sure that the direction a name stands for may be used so.
  ///
  /// @throws IllegalArgumentException if it was imported for something else
  void requireFor(String name, Operation operation) {
    Optional.ofNullable(directions.get(name)).ifPresent(file -> file.requireFor(operation));
  }

  private Optional<Path> path(String name) {
    if (given.containsKey(name)) {
      return Optional.ofNullable(given.get(name));
    }
    try {
      return Optional.of(Path.of(name)).filter(Files::exists);
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  private Ingredient ingredient(String name, Path path) {
    try {
      if (path.toString().endsWith(".json")) {
        return monitor(path);
      }
      if (Files.isRegularFile(path) && PolicyFile.isOne(path)) {
        return ofPolicy(name, path);
      }
      var argument = new DirectionArgument(path);
      var file =
          use.isPresent()
              ? argument.readFor(use.get().model(), use.get().terminal())
              : argument.read().file();
      directions.put(name, file);
      return new Ingredient.Line(file.direction());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Ingredient monitor(Path path) throws IOException {
    var monitor = Monitor.read(path);
    if (use.isEmpty()) {
      throw new IllegalArgumentException(
          path + ": where a monitor reads depends on the model's template; name the model");
    }
    var model = use.get().model();
    monitor
        .doubt(model.name(), model.files().weightsHash())
        .ifPresent(doubt -> use.get().terminal().say("warning: " + doubt));
    return monitor.detector(model);
  }

  private static Ingredient ofPolicy(String name, Path path) throws IOException {
    var ingredients = PolicyFile.read(path).policy().ingredients();
    if (ingredients.size() == 1) {
      return ingredients.values().iterator().next();
    }
    return Optional.ofNullable(ingredients.get(name))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    path
                        + ": is a policy of several names, "
                        + String.join(", ", ingredients.keySet())
                        + "; give --vector one of them"));
  }
}
