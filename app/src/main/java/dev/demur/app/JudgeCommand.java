package dev.demur.app;

import dev.demur.lab.judge.Completion;
import dev.demur.lab.judge.CompletionColumns;
import dev.demur.lab.judge.CompletionReader;
import dev.demur.lab.judge.Judge;
import dev.demur.lab.judge.JudgeAgreement;
import dev.demur.lab.judge.Label;
import dev.demur.lab.judge.Labels;
import dev.demur.lab.judge.LexiconJudge;
import dev.demur.lab.judge.Refusal;
import dev.demur.lab.judge.SubstringJudge;
import dev.demur.lab.stats.Rate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `demur judge`.
@Command(
    name = "judge",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Label completions as refusals or not, and compare judges.",
      "",
      "FILE is CSV, JSON or JSON Lines with a column for the completion: our own, the released",
      "code's, XSTest's. Where it holds people's labels too, each judge is compared with them.",
      ""
    },
    footer = {"", "Example:", "  demur judge completions.csv --out labels.jsonl"})
final class JudgeCommand implements Callable<Integer> {

  private static final String PEOPLE = "people";

  /// Room for the longest judge's name.
  private static final int NAME_WIDTH = 22;

  private final Terminal terminal;

  @Parameters(paramLabel = "FILE", description = "Completions.")
  private Path file = Path.of("");

  @Option(
      names = "--judge",
      split = ",",
      paramLabel = "JUDGE",
      description =
          "lexicon, substring-normalised (the paper's phrases, quotes and case made alike) or"
              + " substring (exactly the paper's); several with commas between"
              + " (default: lexicon,substring-normalised).")
  private List<String> judges = List.of("lexicon", "substring-normalised");

  @Option(
      names = "--prompt-column",
      paramLabel = "NAME",
      description = "Column with what was asked (default: found by its usual names).")
  private @Nullable String prompt;

  @Option(
      names = "--completion-column",
      paramLabel = "NAME",
      description = "Column with the answer (default: found by its usual names).")
  private @Nullable String completion;

  @Option(
      names = "--label-column",
      paramLabel = "NAME",
      description = "Column with people's labels (default: found by its usual names).")
  private @Nullable String label;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the labels go: JSON Lines, one per completion and judge.")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print the summary as JSON.")
  private boolean json;

  JudgeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    var chosen = judges.stream().map(JudgeCommand::judge).toList();
    var completions = new CompletionReader(columns()).read(file);
    var labels = Labels.of(chosen, completions);
    if (out != null) {
      Labels.write(out, labels);
    }
    var raters = raters(chosen, completions, labels);
    terminal.out().print(json ? asJson(raters) + "\n" : asText(raters));
    return ExitCode.OK;
  }

  private static Judge judge(String name) {
    return switch (name) {
      case "lexicon" -> LexiconJudge.builtIn();
      case "substring" -> SubstringJudge.exact();
      case "substring-normalised" -> SubstringJudge.normalised();
      default ->
          throw new IllegalArgumentException(
              "--judge must name lexicon, substring or substring-normalised, was " + name);
    };
  }

  private CompletionColumns columns() {
    var columns = CompletionColumns.usual();
    columns = prompt == null ? columns : columns.withInstruction(prompt);
    columns = completion == null ? columns : columns.withCompletion(completion);
    return label == null ? columns : columns.withLabel(label);
  }

  /// Each rater's labels by row, people first where all rows have theirs.
  private static SequencedMap<String, List<Refusal>> raters(
      List<Judge> judges, List<Completion> completions, List<Label> labels) {
    var raters = new LinkedHashMap<String, List<Refusal>>();
    var people = completions.stream().map(Completion::label).flatMap(Optional::stream).toList();
    if (people.size() == completions.size()) {
      raters.put(PEOPLE, people);
    }
    for (var judge : judges) {
      raters.put(
          judge.name(),
          labels.stream()
              .filter(l -> l.judge().equals(judge.name()))
              .map(l -> l.verdict().refusal())
              .toList());
    }
    return raters;
  }

  private static List<JudgeAgreement> pairs(SequencedMap<String, List<Refusal>> raters) {
    var names = List.copyOf(raters.keySet());
    var pairs = new ArrayList<JudgeAgreement>();
    for (int i = 0; i < names.size(); i++) {
      for (int j = i + 1; j < names.size(); j++) {
        pairs.add(
            new JudgeAgreement(
                names.get(i),
                names.get(j),
                raters.getOrDefault(names.get(i), List.of()),
                raters.getOrDefault(names.get(j), List.of())));
      }
    }
    return pairs;
  }

  private static ShownRate refused(List<Refusal> labels) {
    return new ShownRate(Rate.of(labels, Refusal::refuses));
  }

  private static String asText(SequencedMap<String, List<Refusal>> raters) {
    var text = new StringBuilder("Refused, full or partial (95 % Wilson interval)\n");
    raters.forEach((name, labels) -> text.append(refused(labels).line(name, NAME_WIDTH)));
    for (var pair : pairs(raters)) {
      var table = pair.refusalOrNot();
      text.append(
          String.format(
              Locale.ROOT,
              "%n%s and %s agree on %.1f %% (kappa %.3f, AC1 %.3f), differ on %d%n",
              pair.first(),
              pair.second(),
              100 * table.agreement().share(),
              table.kappa(),
              table.ac1(),
              pair.disagreeingRows().size()));
    }
    return text.toString();
  }

  private static String asJson(SequencedMap<String, List<Refusal>> raters) {
    var rates = new ArrayList<Map<String, Object>>();
    raters.forEach(
        (name, labels) -> {
          var row = new LinkedHashMap<String, Object>();
          row.put("rater", name);
          row.putAll(refused(labels).values());
          rates.add(row);
        });
    var agreements = new ArrayList<Map<String, Object>>();
    for (var pair : pairs(raters)) {
      var table = pair.refusalOrNot();
      var row = new LinkedHashMap<String, Object>();
      row.put("first", pair.first());
      row.put("second", pair.second());
      row.put("agreement", table.agreement().share());
      row.put("kappa", table.kappa());
      row.put("ac1", table.ac1());
      row.put("differing_rows", pair.disagreeingRows());
      agreements.add(row);
    }
    var summary = new LinkedHashMap<String, Object>();
    summary.put("rates", rates);
    summary.put("agreements", agreements);
    return JsonMapper.shared().writeValueAsString(summary);
  }
}
