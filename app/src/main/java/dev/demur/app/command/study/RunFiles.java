package dev.demur.app.command.study;

import dev.demur.app.cli.PrintedJson;
import dev.demur.lab.diff.RunFolder;
import dev.demur.lab.direction.CandidatesFile;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Provenance;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.profile.StudyProfile;
import dev.demur.lab.report.Example;
import dev.demur.lab.report.ReportFiles;
import dev.demur.lab.run.Readers;
import dev.demur.lab.run.WholeFile;
import dev.demur.lab.study.Manifest;
import dev.demur.lab.study.StudyRun;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// The files a finished study leaves in its run folder.
final class RunFiles {

  private static final String MANIFEST = "manifest.json";

  private static final String PROFILE = "profile.json";

  private final Path folder;
  private final Optional<StudyProfile> profile;
  private final List<Path> written = new ArrayList<>();
  private final JsonMapper json =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enumNamingStrategy(EnumNamingStrategies.SNAKE_CASE)
          .build();

  /// @param profile where the time went, when it was asked for
  RunFiles(Path folder, Optional<StudyProfile> profile) {
    this.folder = folder;
    this.profile = profile;
  }

  /// Writes all of them, the manifest last.
  void write(
      StudyRun run,
      KeptCompletions completions,
      List<Example> shown,
      Manifest.Origin origin,
      Panel panel)
      throws IOException {
    clear();
    writeTensors(run, origin.tool());
    writeCompletions(run, completions);
    written.addAll(ReportFiles.write(run.result(), shown, folder));
    writeProfile();
    Manifest.of(run.result(), origin, panel, folder, written).write(folder.resolve(MANIFEST));
  }

  private void writeProfile() throws IOException {
    if (profile.isPresent()) {
      var file = folder.resolve(PROFILE);
      WholeFile.write(file, PrintedJson.of(profile.get()).getBytes(StandardCharsets.UTF_8));
      written.add(file);
    }
  }

  /// Removes what an earlier study left here, by its own manifest: with other settings it may have
  /// written files that this one does not. Nothing else in the folder is touched.
  private void clear() throws IOException {
    Path manifest = folder.resolve(MANIFEST);
    if (!Files.exists(manifest)) {
      return;
    }
    for (var file : json.readTree(RegularFile.bytes(manifest)).path("files")) {
      Path path = folder.resolve(file.path("name").asString("")).normalize();
      if (path.startsWith(folder.normalize()) && Files.isRegularFile(path)) {
        Files.delete(path);
      }
    }
    Files.delete(manifest);
  }

  private void writeTensors(StudyRun run, String tool) throws IOException {
    var model = run.result().model();
    var provenance =
        new Provenance(model.name(), model.weightsSha256(), model.templateSha256(), tool);
    if (run.direction().isPresent()) {
      new DirectionFile(run.direction().get(), provenance).write(file(RunFolder.DIRECTION));
    }
    if (run.candidates().isPresent()) {
      new CandidatesFile(run.candidates().get(), model.eoiTokens(), provenance)
          .write(file(RunFolder.CANDIDATES));
    }
  }

  private void writeCompletions(StudyRun run, KeptCompletions completions) throws IOException {
    String rows =
        run.completions().stream()
            .map(row -> json.writeValueAsString(row) + "\n")
            .collect(Collectors.joining());
    completions(RunFolder.COMPLETIONS, rows);
    var files = completions.released();
    if (!files.isEmpty()) {
      Files.createDirectories(folder.resolve("completions"));
    }
    for (var entry : files.entrySet()) {
      completions(
          "completions/" + entry.getKey().replaceAll("[^\\w.-]+", "_"),
          json.writerWithDefaultPrettyPrinter().writeValueAsString(entry.getValue()));
    }
  }

  private void completions(String name, String text) throws IOException {
    WholeFile.write(file(name), text.getBytes(StandardCharsets.UTF_8), Readers.OWNER);
  }

  private Path file(String name) {
    Path file = folder.resolve(name);
    written.add(file);
    return file;
  }
}
