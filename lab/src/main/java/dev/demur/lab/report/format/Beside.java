package dev.demur.lab.report.format;

import dev.demur.lab.coherence.Coherence;
import dev.demur.lab.explain.Explanation;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.explain.ExplainReport;
import dev.demur.lab.report.measure.BenchmarkReport;
import dev.demur.lab.report.paper.AgainstReport;
import dev.demur.lab.report.study.CoherenceReport;
import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.study.StudyResult;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;

/// What `demur benchmark`, `demur coherence` and `demur explain` left in run folders, as sections
/// of a study's report.
///
/// @param into where the report goes; links start there
record Beside(RunFolder into) {

  /// What is missing is no null, but a fault of the file.
  private static final ObjectReader EXPLANATION =
      JsonReport.JSON
          .readerFor(Explanation.class)
          .with(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

  /// Makes a section of what a file holds.
  private interface Reader {
    Section read(String id, JsonNode json);
  }

  /// The sections of everything in the study's folder, in its explanation's, and in others.
  List<Section> sections(RunFolder study, List<RunFolder> others) throws IOException {
    var sections = new ArrayList<Section>();
    for (Path path : folders(study, others)) {
      var folder = RunFolder.at(path);
      add(sections, folder, RunFolder.BENCHMARK, "benchmark", BenchmarkReport::read);
      add(sections, folder, RunFolder.COHERENCE, "cost_on_text", CoherenceReport::read);
      add(
          sections,
          folder,
          RunFolder.EXPLANATION,
          "explanation",
          (id, json) ->
              ExplainReport.within(
                  id, EXPLANATION.readValue(json.path("explanation")), address(into, path)));
    }
    return sections;
  }

  private static Set<Path> folders(RunFolder study, List<RunFolder> others) {
    var folders = new LinkedHashSet<Path>();
    for (var folder : Stream.concat(Stream.of(study), others.stream()).toList()) {
      Path path = folder.path().toAbsolutePath().normalize();
      folders.add(path);
      folders.add(path.resolve(RunFolder.EXPLANATIONS));
      folders.add(path.resolveSibling(path.getFileName() + RunFolder.EXPLANATION_ENDING));
    }
    return folders;
  }

  /// A run beside published values, with what other commands measured of it.
  Section against(
      AgainstReport against, StudyResult result, RunFolder study, List<RunFolder> others)
      throws IOException {
    var coherence = new ArrayList<Coherence>();
    var benchmarks = new ArrayList<BenchmarkReport.Document>();
    for (Path path : folders(study, others)) {
      var folder = RunFolder.at(path);
      json(folder, RunFolder.COHERENCE, CoherenceReport::parse).ifPresent(coherence::addAll);
      json(folder, RunFolder.BENCHMARK, BenchmarkReport::parse).ifPresent(benchmarks::add);
    }
    return against.of(result, coherence, benchmarks);
  }

  private static void add(
      List<Section> sections, RunFolder folder, String name, String id, Reader reader)
      throws IOException {
    long before = sections.stream().filter(s -> s.id().matches(id + "(_\\d+)?")).count();
    String own = before == 0 ? id : id + "_" + (before + 1);
    var read = json(folder, name, json -> reader.read(own, json));
    if (read.isPresent()) {
      var section = read.get();
      String title = before == 0 ? section.title() : section.title() + " " + (before + 1);
      sections.add(new Section(section.id(), title, section.blocks()));
    }
  }

  /// What a file of a folder holds; empty where there is no such file.
  private static <T> Optional<T> json(RunFolder folder, String name, Function<JsonNode, T> reader)
      throws IOException {
    if (!folder.has(name)) {
      return Optional.empty();
    }
    Path file = folder.verified(name);
    try {
      return Optional.of(
          reader.apply(
              JsonReport.JSON.readTree(new String(folder.read(name), StandardCharsets.UTF_8))));
    } catch (JacksonException | IllegalArgumentException | NoSuchElementException e) {
      throw new DataFormatException(
          file,
          "is not what this version writes (" + e.getMessage() + "); measure again, or delete it.",
          e);
    }
  }

  /// The page of one folder as a link from the page of another.
  static String address(RunFolder from, Path to) {
    Path page = to.toAbsolutePath().normalize().resolve(RunFolder.PAGE);
    Path start = from.path().toAbsolutePath().normalize();
    if (!page.getRoot().equals(start.getRoot())) { // another drive
      return page.toUri().toString();
    }
    var address = new StringBuilder(".");
    for (Path name : start.relativize(page)) {
      // So that nothing in a name ends the path.
      String escaped = URLEncoder.encode(name.toString(), StandardCharsets.UTF_8);
      address.append('/').append(escaped.replace("+", "%20"));
    }
    return address.toString();
  }
}
