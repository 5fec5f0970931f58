package dev.demur.bench;

import dev.demur.app.Demur;
import dev.demur.app.cli.Terminal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One study in this Java machine, as `demur study` runs it, in a folder that is gone afterwards.
///
/// @param profile the run's `profile.json`, when it was asked for
record QuietStudy(JsonNode profile) {

  /// Runs a study.
  ///
  /// @param model to study
  /// @param options of `demur study`
  /// @throws IllegalStateException if the study fails
  static QuietStudy run(String model, List<String> options) throws IOException {
    var folder = Files.createTempDirectory("demur-bench");
    try {
      var words = new ArrayList<>(List.of("study", model, "--out", folder.toString()));
      words.addAll(options);
      var errors = new ByteArrayOutputStream();
      var terminal =
          new Terminal(
              new PrintStream(OutputStream.nullOutputStream()),
              new PrintStream(errors, true, StandardCharsets.UTF_8),
              new BufferedReader(Reader.nullReader()),
              Set.of());
      int code = Demur.run(terminal, words.toArray(String[]::new));
      if (code != 0) {
        throw new IllegalStateException(
            "the study ended with " + code + ": " + errors.toString(StandardCharsets.UTF_8));
      }
      var profile = folder.resolve("profile.json");
      return new QuietStudy(
          Files.exists(profile)
              ? JsonMapper.shared().readTree(Files.readString(profile))
              : JsonMapper.shared().missingNode());
    } finally {
      remove(folder);
    }
  }

  /// A stage's seconds.
  double seconds(String stage) {
    for (var row : profile.path("stages")) {
      if (row.path("stage").asString().equals(stage)) {
        return row.path("seconds").asDouble();
      }
    }
    throw new IllegalStateException("the profile has no stage " + stage + ": " + profile);
  }

  /// Deletes a folder and what is in it.
  static void remove(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
