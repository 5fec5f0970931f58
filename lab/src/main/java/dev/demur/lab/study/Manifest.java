package dev.demur.lab.study;

import dev.demur.lab.Sha256;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.run.Machine;
import dev.demur.lab.run.StageTiming;
import dev.demur.lab.run.WholeFile;
import dev.demur.lab.study.StudyResult.DataFacts;
import dev.demur.lab.study.StudyResult.ModelFacts;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What is needed to run a study again and to know that it is the same one: `manifest.json`.
///
/// @param format `demur-manifest`
/// @param version of this layout
/// @param tool who ran it
/// @param command as typed
/// @param started when this run of the command began; earlier, interrupted ones left their stages
/// @param finished when it ended
/// @param machine where
/// @param model name, shape and hashes
/// @param config all settings
/// @param data hashes of the prompt sets and the indices that were drawn
/// @param judges who judged
/// @param stages seconds and tokens, summed over interruptions
/// @param files what is in the folder, by hash
public record Manifest(
    String format,
    int version,
    String tool,
    String command,
    Instant started,
    Instant finished,
    Machine machine,
    ModelFacts model,
    StudyConfig config,
    DataFacts data,
    List<JudgeFacts> judges,
    List<StageTiming> stages,
    List<FileFacts> files) {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enumNamingStrategy(EnumNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /// A judge by name and version.
  public record JudgeFacts(String name, String version) {}

  /// A file of the run folder.
  ///
  /// @param name relative to the folder, with `/`
  public record FileFacts(String name, long bytes, String sha256) {}

  /// Where and how a study was run.
  ///
  /// @param tool name and version of the program
  /// @param command as typed
  /// @param started when the command began
  /// @param machine where
  public record Origin(String tool, String command, Instant started, Machine machine) {}

  public Manifest {
    judges = List.copyOf(judges);
    stages = List.copyOf(stages);
    files = List.copyOf(files);
  }

  /// The manifest of a finished study.
  ///
  /// @param files what was written into `folder`
  public static Manifest of(
      StudyResult result, Origin origin, Panel panel, Path folder, List<Path> files)
      throws IOException {
    var facts = new ArrayList<FileFacts>();
    for (Path file : files) {
      byte[] bytes = RegularFile.bytes(file);
      String name = folder.relativize(file).toString().replace('\\', '/');
      facts.add(new FileFacts(name, bytes.length, Sha256.of(bytes)));
    }
    return new Manifest(
        "demur-manifest",
        1,
        origin.tool(),
        origin.command(),
        origin.started(),
        Instant.now(),
        origin.machine(),
        result.model(),
        result.config(),
        result.data(),
        panel.versionsWithPeople().entrySet().stream()
            .map(judge -> new JudgeFacts(judge.getKey(), judge.getValue()))
            .toList(),
        result.timings(),
        facts);
  }

  /// Writes it, whole or not at all.
  public void write(Path file) throws IOException {
    WholeFile.write(file, JSON.writeValueAsBytes(this));
  }
}
