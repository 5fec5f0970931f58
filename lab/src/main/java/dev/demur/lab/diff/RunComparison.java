package dev.demur.lab.diff;

import dev.demur.lab.diff.RunDiff.CandidateCosine;
import dev.demur.lab.diff.RunDiff.Setting;
import dev.demur.lab.diff.RunDiff.Side;
import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.study.StudyResult;
import dev.demur.lab.study.StudyRun;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// Compares two runs of the study.
public final class RunComparison {

  private static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final NamedRun first;
  private final NamedRun second;
  private final List<String> obstacles = new ArrayList<>();

  private RunComparison(NamedRun first, NamedRun second) {
    this.first = first;
    this.second = second;
  }

  /// A run with the name it has on the page.
  public record NamedRun(String name, StudyRun run) {

    StudyResult study() {
      return run.result();
    }

    Optional<CandidateScores> chosen() {
      return study().selection().flatMap(selection -> selection.chosen());
    }

    /// How this run scored a candidate.
    Optional<CandidateScores> scored(Candidate candidate) {
      return study()
          .selection()
          .flatMap(s -> s.rows().stream().filter(r -> r.candidate().equals(candidate)).findFirst());
    }
  }

  /// Cosine of the directions of each two runs; none where one has no direction, or another width.
  public static List<List<Optional<Double>>> cosines(List<NamedRun> runs) {
    return runs.stream()
        .map(one -> runs.stream().map(two -> chosenCosine(one, two)).toList())
        .toList();
  }

  /// Compares two runs; changes are counted from the first to the second.
  public static RunDiff of(NamedRun first, NamedRun second) {
    return new RunComparison(first, second).compare();
  }

  private RunDiff compare() {
    var cosines = cosines();
    var rates = new RateChanges(first.run(), second.run()).all();
    obstacles.addAll(RateChanges.obstacles(rates));
    return new RunDiff(
        side(first, second),
        side(second, first),
        obstacles,
        settings(),
        chosenCosine(first, second),
        cosines,
        rates);
  }

  private static Side side(NamedRun run, NamedRun other) {
    return new Side(
        run.name(),
        run.study().model().name(),
        run.study().finding(),
        run.chosen(),
        other.chosen().flatMap(row -> run.scored(row.candidate())));
  }

  /// Cosines at every place both grids have; an obstacle when there is none.
  private List<CandidateCosine> cosines() {
    var model = first.study().model();
    var other = second.study().model();
    if (model.dModel() != other.dModel() || model.layers() != other.layers()) {
      obstacles.add(
          String.format(
              Locale.ROOT,
              "Directions: the streams are not of one shape (%d layers, d_model %d, and %d layers,"
                  + " d_model %d).",
              model.layers(),
              model.dModel(),
              other.layers(),
              other.dModel()));
      return List.of();
    }
    var one = first.run().candidates();
    var two = second.run().candidates();
    if (one.isEmpty() || two.isEmpty()) {
      String without =
          one.isPresent()
              ? second.name()
              : two.isPresent() ? first.name() : first.name() + " and " + second.name();
      obstacles.add("Directions: there are none in " + without + ", where nothing was selected.");
      return List.of();
    }
    if (!model.eoiTokens().equals(other.eoiTokens())) {
      obstacles.add(
          "Positions: the templates end in different tokens, so that one position is not one"
              + " token.");
    }
    return cosines(one.get(), two.get());
  }

  private static List<CandidateCosine> cosines(CandidateGrid one, CandidateGrid two) {
    var cosines = new ArrayList<CandidateCosine>();
    for (var candidate : one.candidates()) {
      boolean inBoth = -candidate.position() <= two.positions();
      if (inBoth && !one.isNoise(candidate) && !two.isNoise(candidate)) {
        cosines.add(new CandidateCosine(candidate, cosine(one.at(candidate), two.at(candidate))));
      }
    }
    return cosines;
  }

  private static Optional<Double> chosenCosine(NamedRun one, NamedRun two) {
    var a = one.run().direction();
    var b = two.run().direction();
    return a.isPresent() && b.isPresent() && a.get().dModel() == b.get().dModel()
        ? Optional.of(cosine(a.get().unit(), b.get().unit()))
        : Optional.empty();
  }

  /// Cosine of the angle between two vectors; rounding does not take it beyond 1.
  private static double cosine(Tensor one, Tensor two) {
    try (var _ = Scope.open()) {
      return Math.clamp(one.dotRows(two).item() / (one.norm() * two.norm()), -1.0, 1.0);
    }
  }

  /// Facts and settings that differ, by their path.
  private List<Setting> settings() {
    var one = facts(first.study());
    var two = facts(second.study());
    var settings = new ArrayList<Setting>();
    one.forEach(
        (name, value) -> {
          String other = Objects.requireNonNullElse(two.get(name), "");
          if (!value.equals(other)) {
            settings.add(new Setting(name, value, other));
          }
        });
    return settings;
  }

  private static Map<String, String> facts(StudyResult study) {
    var facts = new TreeMap<String, String>();
    put(facts, "model", JSON.valueToTree(study.model()));
    put(facts, "config", JSON.valueToTree(study.config()));
    return facts;
  }

  private static void put(Map<String, String> facts, String name, JsonNode value) {
    if (value.isObject()) {
      value.propertyStream().forEach(p -> put(facts, name + "." + p.getKey(), p.getValue()));
    } else {
      facts.put(name, value.isString() ? value.asString() : value.toString());
    }
  }
}
