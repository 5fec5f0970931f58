package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.model.ModelLocator;
import dev.demur.model.format.ModelFiles;
import java.io.IOException;
import java.nio.file.Path;

/// Folders that tests tagged `real` are told of; such a test fails where one is not named.
final class RealFolders {

  private RealFolders() {}

  /// Real models, as GGUF files.
  static Path models() {
    return named("demur.models");
  }

  /// Published prompts.
  static Path data() {
    return named("demur.data");
  }

  /// Demo models of other seeds: `N/base` and `N/chat`, written by `demur toy train --seed N --out
  /// DIR/N`.
  static Path toys() {
    return named("demur.toys");
  }

  private static Path named(String property) {
    String root = System.getProperty(property);
    assertThat(root).as("name the folder: -D" + property + "=FOLDER").isNotNull();
    return Path.of(root);
  }

  static ModelFiles open(Path model) throws IOException {
    return ModelLocator.open(model);
  }
}
