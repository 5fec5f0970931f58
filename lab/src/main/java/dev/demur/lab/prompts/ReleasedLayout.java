package dev.demur.lab.prompts;

import dev.demur.lab.rows.DataFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A data folder laid out as in the released code: `splits/harmful_train.json` and so on, and
/// evaluation sets in `sets/` (there: `processed/`).
///
/// Source: `andyrdt/refusal_direction` at 9d852fa, `dataset/`.
///
/// @param folder holds `splits` and perhaps `sets` or `processed`
public record ReleasedLayout(Path folder) {

  /// The layout found at `folder`, or in its one known subfolder `dataset`.
  ///
  /// @throws DataFormatException if neither holds a `splits` folder
  public static ReleasedLayout at(Path folder) throws DataFormatException {
    for (var root : List.of(folder, folder.resolve("dataset"))) {
      if (Files.isDirectory(root.resolve("splits"))) {
        return new ReleasedLayout(root);
      }
    }
    throw new DataFormatException(
        folder,
        "no folder splits in it; expected splits/harmful_train.json and its neighbours, or"
            + " name the prompt files one by one.");
  }

  /// Prompts that show the behaviour: `splits/harmful_SPLIT.json`.
  public PromptSet harmful(Split split) throws IOException {
    return split("harmful", split);
  }

  /// Prompts that do not: `splits/harmless_SPLIT.json`.
  public PromptSet harmless(Split split) throws IOException {
    return split("harmless", split);
  }

  /// The four pools a study draws from.
  public PromptPools pools() throws IOException {
    return new PromptPools(
        harmful(Split.TRAIN), harmless(Split.TRAIN), harmful(Split.VAL), harmless(Split.VAL));
  }

  /// Names of the evaluation sets, sorted; empty where there is no folder of them.
  public List<String> evaluationSets() throws IOException {
    Path sets = sets();
    if (!Files.isDirectory(sets)) {
      return List.of();
    }
    try (var files = Files.list(sets)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".json"))
          .map(name -> name.substring(0, name.length() - ".json".length()))
          .sorted()
          .toList();
    }
  }

  /// One evaluation set, for example `jailbreakbench`.
  public PromptSet evaluationSet(String name) throws IOException {
    return PromptReader.usual().read(sets().resolve(name + ".json"), name);
  }

  private Path sets() {
    Path sets = folder.resolve("sets");
    return Files.isDirectory(sets) ? sets : folder.resolve("processed");
  }

  private PromptSet split(String behaviour, Split split) throws IOException {
    String name = behaviour + "_" + split.text();
    return PromptReader.usual().read(folder.resolve("splits").resolve(name + ".json"), name);
  }
}
