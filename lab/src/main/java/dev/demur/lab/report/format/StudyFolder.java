package dev.demur.lab.report.format;

import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.CandidatesFile;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Provenance;
import dev.demur.lab.profile.StudyProfile;
import dev.demur.lab.report.paper.AgainstReport;
import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.run.Manifest;
import dev.demur.lab.run.Manifest.Origin;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.study.CompletionRow;
import dev.demur.lab.study.Evaluation.Keep;
import dev.demur.lab.study.Study;
import dev.demur.lab.study.StudyResult;
import dev.demur.lab.study.StudyRun;
import dev.demur.model.local.Readers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// What a finished study leaves in its run folder: written here, and read back.
///
/// ```java
/// var run = study.run(store, Progress.silent());
/// new StudyFolder(store.folder()).write(study, run, Manifest.Origin.of("my program 1.0"));
/// ```
///
/// @param folder the run folder
public record StudyFolder(RunFolder folder) {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enumNamingStrategy(EnumNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /// A judge by name and version.
  private record JudgeFacts(String name, String version) {}

  /// The folder at a path.
  public static StudyFolder at(Path path) {
    return new StudyFolder(RunFolder.at(path));
  }

  // ---- writing -----------------------------------------------------------------------------

  /// Writes the reports, tables, tensors and completions of a finished study, the manifest last.
  /// What an earlier study left here is removed.
  ///
  /// @param origin who ran it
  public void write(Study study, StudyRun run, Origin origin) throws IOException {
    write(study, run, origin, Optional.empty());
  }

  /// The same with where the time went.
  public void write(Study study, StudyRun run, Origin origin, Optional<StudyProfile> profile)
      throws IOException {
    folder.clear();
    var completions = new KeptCompletions(run, study.data());
    var written = new ArrayList<Path>();
    written.addAll(tensors(run, origin.tool()));
    written.addAll(completions(run, completions));
    written.addAll(
        ReportFiles.write(
            run.result(), new KeptExamples(folder, run.completions()).read(), folder));
    if (profile.isPresent()) {
      String text = JsonReport.JSON.writeValueAsString(profile.get()) + "\n";
      written.add(folder.write(RunFolder.PROFILE, text, Readers.AS_USUAL));
    }
    var result = run.result();
    new Manifest(origin, about(study, result), result.timings()).write(folder, written);
  }

  private static LinkedHashMap<String, Object> about(Study study, StudyResult result) {
    var about = new LinkedHashMap<String, Object>();
    about.put("model", result.model());
    about.put("device", study.model().transformer().holding().placement().toString());
    about.put("config", result.config());
    about.put("data", result.data());
    about.put(
        "judges",
        study.panel().versionsWithPeople().entrySet().stream()
            .map(judge -> new JudgeFacts(judge.getKey(), judge.getValue()))
            .toList());
    return about;
  }

  private List<Path> tensors(StudyRun run, String tool) throws IOException {
    var model = run.result().model();
    var provenance =
        new Provenance(model.name(), model.weightsSha256(), model.templateSha256(), tool);
    var written = new ArrayList<Path>();
    if (run.direction().isPresent()) {
      var file = new DirectionFile(run.direction().get(), provenance);
      written.add(folder.write(RunFolder.DIRECTION, file::write, Readers.AS_USUAL));
    }
    if (run.candidates().isPresent()) {
      var file = new CandidatesFile(run.candidates().get(), model.eoiTokens(), provenance);
      written.add(folder.write(RunFolder.CANDIDATES, file::write, Readers.AS_USUAL));
    }
    return written;
  }

  private List<Path> completions(StudyRun run, KeptCompletions completions) throws IOException {
    String rows =
        run.completions().stream()
            .map(row -> JSON.writeValueAsString(row) + "\n")
            .collect(Collectors.joining());
    var written = new ArrayList<Path>();
    written.add(folder.write(RunFolder.COMPLETIONS, rows, Readers.OWNER));
    var files = completions.released();
    if (!files.isEmpty()) {
      folder.make(RunFolder.RELEASED, Readers.OWNER);
    }
    for (Map.Entry<String, List<KeptCompletions.Released>> entry : files.entrySet()) {
      written.add(
          folder.write(
              RunFolder.RELEASED + "/" + entry.getKey(),
              JSON.writerWithDefaultPrettyPrinter().writeValueAsString(entry.getValue()),
              Readers.OWNER));
    }
    return written;
  }

  /// Writes the reports of the study that is finished here once more, from its `report.json`, with
  /// what other commands measured beside it and the texts it kept.
  ///
  /// @param into where they go: this folder or another
  /// @param beside further folders that hold results of other commands
  public void writeReports(RunFolder into, List<RunFolder> beside) throws IOException {
    writeReports(into, beside, Optional.empty());
  }

  /// The same beside published values.
  ///
  /// @param against whose; empty for none
  public void writeReports(RunFolder into, List<RunFolder> beside, Optional<AgainstReport> against)
      throws IOException {
    var study = result();
    List<CompletionRow> kept =
        study.config().evaluation().keep() == Keep.TEXT ? completions() : List.of();
    var examples = new KeptExamples(folder, kept).read();
    var own = new Beside(into);
    var sections = new ArrayList<>(own.sections(folder, beside));
    if (against.isPresent()) {
      sections.add(own.against(against.get(), study, folder, beside));
    }
    Manifest.update(into, ReportFiles.write(study, examples, sections, into));
  }

  // ---- reading -----------------------------------------------------------------------------

  /// The study and the tensors its result speaks of, which belong to the caller's innermost scope.
  ///
  /// @throws IOException if the study is not finished
  /// @throws DataFormatException if a file in it is not what this version writes
  /// @throws dev.demur.lab.run.AlteredException if a file is not as the manifest says
  public StudyRun read() throws IOException {
    return new StudyRun(result(), direction(), candidates(), completions());
  }

  /// The result alone.
  ///
  /// @throws IOException if the study is not finished
  public StudyResult result() throws IOException {
    return JsonReport.read(folder.verified(RunFolder.REPORT));
  }

  private Optional<Direction> direction() throws IOException {
    return folder.has(RunFolder.DIRECTION)
        ? Optional.of(DirectionFile.read(folder.verified(RunFolder.DIRECTION)).direction())
        : Optional.empty();
  }

  private Optional<CandidateGrid> candidates() throws IOException {
    return folder.has(RunFolder.CANDIDATES)
        ? Optional.of(CandidatesFile.read(folder.verified(RunFolder.CANDIDATES)).grid())
        : Optional.empty();
  }

  private List<CompletionRow> completions() throws IOException {
    Path file = folder.verified(RunFolder.COMPLETIONS);
    var rows = new ArrayList<CompletionRow>();
    for (String line :
        new String(folder.read(RunFolder.COMPLETIONS), StandardCharsets.UTF_8).lines().toList()) {
      try {
        rows.add(JSON.readValue(line, CompletionRow.class));
      } catch (JacksonException e) {
        throw new DataFormatException(
            file,
            String.format(
                Locale.ROOT,
                "line %d is not a completion this version writes (%s); run the study again.",
                rows.size() + 1,
                e.getOriginalMessage()),
            e);
      }
    }
    return rows;
  }
}
