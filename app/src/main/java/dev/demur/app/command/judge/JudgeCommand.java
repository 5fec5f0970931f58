package dev.demur.app.command.judge;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.option.JudgeOptions;
import dev.demur.lab.judge.CompletionColumns;
import dev.demur.lab.judge.CompletionReader;
import dev.demur.lab.judge.HumanLabels;
import dev.demur.lab.judge.JudgeComparison;
import dev.demur.lab.judge.JudgedFile;
import dev.demur.lab.judge.Labels;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.judge.RecordedHarm;
import dev.demur.lab.report.format.TextReport;
import dev.demur.lab.report.measure.JudgeReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `demur judge`.
@Command(
    name = "judge",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Label completions as refusals or not, and compare judges.",
      "",
      "FILE is CSV, Parquet, JSON or JSON Lines with a column for the completion, for example"
          + " Demur's own, the released code's or XSTest's. If some or all rows also have people's"
          + " labels, each judge is compared with them and its rate corrected by them. Verdicts of"
          + " Llama Guard 2 that the released code wrote are counted against refusal. Text in a"
          + " thinking block is not judged.",
      ""
    },
    footer = {"", "Example:", "  demur judge completions.csv --out labels.jsonl"})
public final class JudgeCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "FILE", description = "Completions.")
  private Path file = Path.of("");

  @Option(
      names = "--prompt-column",
      paramLabel = "NAME",
      description = "Column with the prompt (default: found by its usual names).")
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
      description = "File for the labels: JSON Lines, one per completion and judge.")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print the summary as JSON.")
  private boolean json;

  @ArgGroup(exclusive = false, validate = false, heading = "%nJudges:%n", order = 1)
  private JudgeOptions judges = new JudgeOptions();

  public JudgeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    try (var seated = judges.open(HumanLabels.none())) {
      if (seated.panel().opening() == Panel.Opening.JUDGED) {
        throw new IllegalArgumentException(
            "--judge first-token reads the model itself, so only demur study can ask it");
      }
      var judged = JudgedFile.of(new CompletionReader(columns()).read(file));
      seated.announce(terminal, judged::answers);
      var recorded = RecordedHarm.read(file, columns());
      var panel = recorded.map(seated.panel()::with).orElse(seated.panel());
      var verdicts = judged.judgedBy(panel);
      if (out != null) {
        Labels.write(out, verdicts.labels(), verdicts.harm());
      }
      var found = JudgeComparison.of(judged, panel, verdicts);
      terminal
          .out()
          .print(json ? JudgeReport.json(found) : TextReport.write(JudgeReport.of(found)));
    }
    return ExitCode.OK;
  }

  private CompletionColumns columns() {
    var columns = CompletionColumns.usual();
    columns = prompt == null ? columns : columns.withInstruction(prompt);
    columns = completion == null ? columns : columns.withCompletion(completion);
    return label == null ? columns : columns.withLabel(label);
  }
}
