package dev.demur.model.hub;

import dev.demur.model.remedy.ModelRemedy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Which files of a repository are fetched.
public sealed interface FileSelection {

  /// What opening the model takes: configuration, tokenizer, template, and the weights in the form
  /// that is read first: safetensors, else `pytorch_model.bin`, else the one GGUF model.
  record Needed() implements FileSelection {}

  /// Files whose path matches one of these patterns: `*` is any text, also with `/` in it, `?` any
  /// character, `[abc]` one of these; `folder/` is all that lies in it. As in huggingface_hub.
  ///
  /// @param globs at least one
  record Matching(List<String> globs) implements FileSelection {
    public Matching {
      if (globs.isEmpty()) {
        throw new IllegalArgumentException("give at least one pattern");
      }
      globs = List.copyOf(globs);
    }
  }

  /// The chosen files, in the repository's order.
  ///
  /// @param subject the model, for errors
  /// @throws HubException if there is nothing to choose, or more than one thing
  default List<String> choose(String subject, List<String> paths) throws HubException {
    return switch (this) {
      case Matching(var globs) -> matching(subject, globs, paths);
      case Needed() -> needed(subject, paths);
    };
  }

  private static List<String> matching(String subject, List<String> globs, List<String> paths)
      throws HubException {
    var patterns = globs.stream().map(Glob::pattern).toList();
    var chosen =
        paths.stream()
            .filter(path -> patterns.stream().anyMatch(p -> p.matcher(path).matches()))
            .toList();
    if (chosen.isEmpty()) {
      throw new HubException(
          String.format(
              Locale.ROOT,
              "%s: none of its %d files matches %s; it has %s",
              subject,
              paths.size(),
              String.join(", ", globs),
              some(paths)));
    }
    return chosen;
  }

  private static List<String> needed(String subject, List<String> paths) throws HubException {
    var weights = Weights.find(subject, paths);
    return paths.stream().filter(path -> Weights.isText(path) || weights.contains(path)).toList();
  }

  private static String some(List<String> paths) {
    int shown = 8;
    String text = String.join(", ", paths.subList(0, Math.min(shown, paths.size())));
    return paths.isEmpty() ? "none" : text + (paths.size() > shown ? ", …" : "");
  }

  /// Which files are the model's, by their names.
  final class Weights {

    private static final Set<String> TEXTS =
        Set.of(
            "config.json",
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "tokenizer.model",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "vocab.txt",
            "merges.txt",
            "chat_template.jinja",
            "chat_template.json",
            "adapter_config.json");

    private static final Pattern SPLIT = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})\\.gguf");

    private Weights() {}

    static boolean isText(String path) {
      return TEXTS.contains(path) || (isTop(path) && path.endsWith(".tiktoken"));
    }

    private static boolean isTop(String path) {
      return path.indexOf('/') < 0;
    }

    static Set<String> find(String subject, List<String> paths) throws HubException {
      var top = paths.stream().filter(Weights::isTop).toList();
      var all = Set.copyOf(top);
      for (String file : List.of("model.safetensors", "pytorch_model.bin")) {
        String index = file + ".index.json";
        if (all.contains(index)) {
          return having(top, path -> path.equals(index) || isShardOf(file, path));
        }
        if (all.contains(file)) {
          return Set.of(file);
        }
        var others = having(top, Weights::isOtherSafetensors);
        if (file.endsWith(".safetensors") && !others.isEmpty()) {
          return others;
        }
      }
      var adapter = having(top, path -> path.matches("adapter_model\\.(safetensors|bin)"));
      if (!adapter.isEmpty()) {
        return adapter.contains("adapter_model.safetensors")
            ? Set.of("adapter_model.safetensors")
            : adapter;
      }
      return theOneGguf(subject, paths);
    }

    private static Set<String> having(List<String> paths, Predicate<String> wanted) {
      return Set.copyOf(paths.stream().filter(wanted).toList());
    }

    /// `model-00001-of-00002.safetensors` is a shard of `model.safetensors`.
    private static boolean isShardOf(String file, String path) {
      int dot = file.lastIndexOf('.');
      return path.startsWith(file.substring(0, dot) + "-") && path.endsWith(file.substring(dot));
    }

    /// Mistral's second copy of the weights is not the model Demur reads.
    private static boolean isOtherSafetensors(String path) {
      return path.endsWith(".safetensors")
          && !path.startsWith("consolidated")
          && !path.startsWith("adapter_model");
    }

    private static Set<String> theOneGguf(String subject, List<String> paths) throws HubException {
      var models = new ArrayList<String>();
      for (String path : paths) {
        var split = SPLIT.matcher(path);
        if (path.endsWith(".gguf") && (!split.matches() || split.group(2).equals("00001"))) {
          models.add(path);
        }
      }
      if (models.size() == 1) {
        return having(paths, path -> path.endsWith(".gguf"));
      }
      if (models.isEmpty()) {
        throw new HubException(
            subject
                + ": holds no safetensors, no pytorch_model.bin and no GGUF; it has "
                + some(paths)
                + "; choose files by name",
            List.of(ModelRemedy.CHOOSE_FILES));
      }
      throw new HubException(
          String.format(
              Locale.ROOT,
              "%s: holds %d GGUF models; choose one, such as %s (others: %s)",
              subject,
              models.size(),
              models.getFirst().replaceFirst("-00001-of-\\d{5}", "*"),
              some(models.subList(1, models.size()))),
          List.of(ModelRemedy.CHOOSE_FILES));
    }
  }
}
