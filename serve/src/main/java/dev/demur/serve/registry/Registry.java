package dev.demur.serve.registry;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.monitor.Monitor;
import dev.demur.lab.policy.Ingredient;
import dev.demur.lab.policy.Names;
import dev.demur.lab.policy.Numbers;
import dev.demur.lab.prompts.PromptReader;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.report.format.StudyFolder;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.score.RefusalTokens;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// What policies of one server can name, fixed when it starts.
public final class Registry implements Names, AutoCloseable {

  /// The name of the monitor's harmfulness probe, where there is a monitor.
  public static final String MONITOR = "monitor";

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");
  private static final String ENDING = ".safetensors";

  /// Where the embedded model's refusal is read; a study of it selects this layer.
  private static final HookPoint DEMO_PLACE = new HookPoint(5, Site.RESID_PRE);

  /// Prompts of each kind the direction is made of: a server starts at once.
  private static final int DEMO_PROMPTS = 40;

  private final Map<String, Known> entries;
  private final List<Scope.Lifetime> tensors;

  private Registry(Map<String, Known> entries, List<Scope.Lifetime> tensors) {
    this.entries = entries;
    this.tensors = tensors;
  }

  /// These names and the harmfulness probe of a monitor, called `monitor`.
  public Registry with(Monitor monitor, ChatModel model) throws IOException {
    var probe = monitor.harmfulness();
    int position =
        switch (probe.place()) {
          case LAST -> -1;
          case LAST_INSTRUCTION -> -1 - model.prompts().eoiTokens().size();
        };
    return filled(
        () -> {
          float[] weight = new float[probe.weight().size()];
          for (int i = 0; i < weight.length; i++) {
            weight[i] = probe.weight().get(i);
          }
          var numbers = new Numbers(Tensor.of(weight, weight.length));
          var detector =
              new Ingredient.Detector(
                  numbers, probe.bias(), new HookPoint(probe.layer(), Site.RESID_PRE), position);
          var more = new ArrayList<>(all());
          more.add(
              new Known(
                  MONITOR,
                  detector,
                  numbers.hash(),
                  monitor.doubt(model.name(), model.files().weightsHash()),
                  Optional.empty()));
          return more;
        },
        tensors);
  }

  /// How a registry is filled.
  private interface Filling {
    List<Known> entries() throws IOException;
  }

  /// No names.
  public static Registry empty() throws IOException {
    return filled(List::of);
  }

  /// The direction along which the embedded model refuses, called `r`, and the tokens with which it
  /// does, from its own prompts.
  public static Registry ofDemo(ChatModel model) throws IOException {
    return filled(
        () -> {
          var reader = PromptReader.usual();
          var harmful = some(reader.read(DemoModel.prompts("splits/harmful_val")));
          var harmless = some(reader.read(DemoModel.prompts("splits/harmless_val")));
          var direction = Direction.between(model, harmful, harmless, DEMO_PLACE, -1);
          return List.of(
              Known.direction("r", direction, Optional.empty())
                  .opening(Optional.of(refusalTokens(model, harmful, harmless))));
        });
  }

  /// Evenly spaced ones: a file's neighbours are alike.
  private static List<String> some(PromptSet set) {
    var all = set.instructions();
    return IntStream.range(0, DEMO_PROMPTS)
        .mapToObj(i -> all.get(i * all.size() / DEMO_PROMPTS))
        .toList();
  }

  private static RefusalTokens refusalTokens(
      ChatModel model, List<String> harmful, List<String> harmless) {
    try (var _ = Scope.open()) {
      return RefusalTokens.find(firstLogits(model, harmful), firstLogits(model, harmless));
    }
  }

  private static Tensor firstLogits(ChatModel model, List<String> instructions) {
    var prompts = instructions.stream().map(words -> model.prompt(words).tokens()).toList();
    return model.forward().lastLogits(prompts, HookPlan.none());
  }

  /// The directions in a folder: each `NAME.safetensors` a direction file, each `NAME/` the run
  /// folder of a study.
  ///
  /// @throws IOException if a file is no direction file
  /// @throws IllegalArgumentException if a direction does not fit the model, or a name is none
  public static Registry read(Path folder, ChatModel model) throws IOException {
    var paths = new ArrayList<Path>();
    try (var all = Files.list(folder)) {
      all.sorted().forEach(paths::add);
    }
    return filled(
        () -> {
          var known = new ArrayList<Known>();
          for (Path path : paths) {
            var file = directionFile(path);
            if (file.isPresent()) {
              known.add(stored(name(path), file.get(), model).opening(refusalTokens(path)));
            }
          }
          return known;
        });
  }

  private static Registry filled(Filling filling) throws IOException {
    return filled(filling, List.of());
  }

  /// @param before tensors of entries that are taken over
  private static Registry filled(Filling filling, List<Scope.Lifetime> before) throws IOException {
    try (var scope = Scope.open()) {
      var entries = new LinkedHashMap<String, Known>();
      for (var known : filling.entries()) {
        entries.put(known.name(), known);
      }
      var tensors = new ArrayList<>(before);
      tensors.add(scope.extend());
      return new Registry(entries, tensors);
    }
  }

  private static Optional<Path> directionFile(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return RunFolder.at(path).has(RunFolder.DIRECTION)
          ? Optional.of(RunFolder.at(path).verified(RunFolder.DIRECTION))
          : Optional.empty();
    }
    return path.toString().endsWith(ENDING) ? Optional.of(path) : Optional.empty();
  }

  /// What the study says that left the folder.
  private static Optional<RefusalTokens> refusalTokens(Path path) throws IOException {
    return Files.isDirectory(path) && RunFolder.at(path).has(RunFolder.REPORT)
        ? Optional.of(StudyFolder.at(path).result().screen().tokens())
        : Optional.empty();
  }

  private static Known stored(String name, Path file, ChatModel model) throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          file + ": \"" + name + "\" cannot be a name in a policy; use letters, digits and _");
    }
    var stored = DirectionFile.read(file);
    stored.requireFits(model.name(), model.config().dModel(), model.config().nLayers());
    return Known.direction(
        name, stored.direction(), stored.doubt(model.name(), model.files().weightsHash()));
  }

  private static String name(Path path) {
    String file = String.valueOf(path.getFileName());
    return file.endsWith(ENDING) ? file.substring(0, file.length() - ENDING.length()) : file;
  }

  /// Everything there is, in the order of the folder.
  public List<Known> all() {
    return List.copyOf(entries.values());
  }

  /// What a name stands for.
  public Optional<Known> entry(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  @Override
  public Optional<Ingredient> find(String name) {
    return entry(name).map(Known::ingredient);
  }

  @Override
  public List<String> known() {
    return List.copyOf(entries.keySet());
  }

  @Override
  public void close() {
    tensors.forEach(Scope.Lifetime::close);
  }
}
