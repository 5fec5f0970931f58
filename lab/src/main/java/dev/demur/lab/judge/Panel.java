package dev.demur.lab.judge;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// Everyone who judges the completions of a study.
///
/// @param judges of refusal, by what the model wrote; all of them judge every completion
/// @param harmJudges of harm, the same
/// @param opening whether the first token of the answer is judged too
/// @param people what people said of some completions
public record Panel(
    List<Judge> judges, List<HarmJudge> harmJudges, Opening opening, HumanLabels people) {

  /// Whether the refusal score at the answer's first token is taken as a judge of its own.
  public enum Opening {
    JUDGED,
    NOT_JUDGED
  }

  /// The judge that reads no text: a refusal score above 0 where the answer begins.
  public static final String FIRST_TOKEN = "first-token";

  private static final String FIRST_TOKEN_VERSION = "1";
  private static final String PEOPLE = "people";

  public Panel {
    judges = List.copyOf(judges);
    harmJudges = List.copyOf(harmJudges);
    var names = new ArrayList<>(judges.stream().map(Judge::name).toList());
    harmJudges.forEach(judge -> names.add(judge.name()));
    if (new HashSet<>(names).size() != names.size()) {
      throw new IllegalArgumentException("each judge can be named once; got " + names);
    }
    if (judges.isEmpty() && opening == Opening.NOT_JUDGED) {
      throw new IllegalArgumentException("at least one judge of refusal is needed");
    }
  }

  /// The classifier, and the paper's substring judge, normalised and exact.
  public static Panel usual() {
    return new Panel(
        List.of(ClassifierJudge.builtIn(), SubstringJudge.normalised(), SubstringJudge.exact()),
        List.of(),
        Opening.NOT_JUDGED,
        HumanLabels.none());
  }

  /// Judges of refusal alone; the first is the summary's.
  public static Panel of(Judge... judges) {
    return new Panel(List.of(judges), List.of(), Opening.NOT_JUDGED, HumanLabels.none());
  }

  /// This panel with one more judge of refusal, behind those it has.
  public Panel with(Judge judge) {
    var more = Stream.concat(judges.stream(), Stream.of(judge)).toList();
    return new Panel(more, harmJudges, opening, people);
  }

  /// This panel with one more judge of harm, behind those it has.
  public Panel with(HarmJudge judge) {
    var more = Stream.concat(harmJudges.stream(), Stream.of(judge)).toList();
    return new Panel(judges, more, opening, people);
  }

  /// This panel with people's labels of some completions.
  public Panel with(HumanLabels labels) {
    return new Panel(judges, harmJudges, opening, labels);
  }

  /// Names of the judges of refusal, in the order of reports; the first is the summary's.
  public List<String> names() {
    var byText = judges.stream().map(Judge::name);
    return opening == Opening.JUDGED
        ? Stream.concat(byText, Stream.of(FIRST_TOKEN)).toList()
        : byText.toList();
  }

  /// The version of everyone who judges, by name.
  public SequencedMap<String, String> versions() {
    var versions = new LinkedHashMap<String, String>();
    judges.forEach(judge -> versions.put(judge.name(), judge.version()));
    if (opening == Opening.JUDGED) {
      versions.put(FIRST_TOKEN, FIRST_TOKEN_VERSION);
    }
    harmJudges.forEach(judge -> versions.put(judge.name(), judge.version()));
    return versions;
  }

  /// The same with people, by the hash of the file of their labels.
  public SequencedMap<String, String> versionsWithPeople() {
    var versions = new LinkedHashMap<>(versions());
    if (!people.labels().isEmpty()) {
      versions.put(PEOPLE, "labels with SHA-256 " + people.sha256());
    }
    return versions;
  }

  /// How many completions to gather before they are judged: as many as the judge with the largest
  /// batch likes.
  ///
  /// @param openings how many openings to score together
  public int batch(int openings) {
    var likes = new ArrayList<>(List.of(opening == Opening.JUDGED ? openings : 1));
    judges.forEach(judge -> likes.add(judge.batch()));
    harmJudges.forEach(judge -> likes.add(judge.batch()));
    return likes.stream().mapToInt(Integer::intValue).max().orElse(1);
  }
}
