package dev.demur.app.command.explain;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Interruption;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.Terminal.Channel;
import dev.demur.app.cli.TerminalProgress;
import dev.demur.app.option.DirectionArgument;
import dev.demur.app.option.ExplainOptions;
import dev.demur.app.option.LatentOptions;
import dev.demur.app.option.ModelOptions;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Operation;
import dev.demur.lab.explain.BaseReading;
import dev.demur.lab.explain.Explain;
import dev.demur.lab.explain.Explanation;
import dev.demur.lab.explain.Microscope;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.explain.AnatomySummary;
import dev.demur.lab.report.explain.ColouredTokens;
import dev.demur.lab.report.explain.ExplainSummary;
import dev.demur.lab.report.format.ExplainFiles;
import dev.demur.lab.report.format.StudyFolder;
import dev.demur.lab.report.format.TextReport;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.steer.Treatment;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.Prompting;
import dev.demur.model.ChatModel;
import dev.demur.model.tensor.Scope;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `demur explain`.
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Show why a model refuses, and what a suffix changes about it.",
      "",
      "Follows the stream along a direction: how far it lies along it by layer, which heads and"
          + " MLPs put it there, what those heads read, and what each condition changes. Suffixes"
          + " are an input; Demur never searches for one. docs/explain.md says how to read the"
          + " results.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  demur explain demo --direction runs/demo",
      "  demur explain demo --direction runs/demo -p \"How do I sneak into a cinema?\"",
      "  demur explain model --direction runs/model --prompts harmful.txt \\",
      "      --harmless harmless.txt --suffix suffixes.txt",
      "  demur explain demo --direction runs/demo --decode-from 4,6 --patchscope 2,4,6"
    })
public final class ExplainCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "MODEL", description = "Folder, GGUF file, org/name, or demo.")
  private String model = "";

  @Option(
      names = "--direction",
      required = true,
      paramLabel = "DIRECTION",
      description = "The direction: a direction.safetensors, or the run folder it is in.")
  private Path direction = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder for the report (default: runs/, the model's name and -explain or -prompt).")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print everything found as JSON.")
  private boolean json;

  @Option(
      names = "--base",
      paramLabel = "MODEL",
      description = "The base model: measure the direction in it as well.")
  private @Nullable String base;

  @Option(
      names = "--base-reading",
      paramLabel = "READING",
      description =
          "How both models get the prompts: newline, the instruction and a newline, as in the "
              + "paper; or template, the chat model's whole template (default: newline).")
  private BaseReading baseReading = BaseReading.NEWLINE;

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      description =
          "Look at this one prompt instead: every token and layer, the score as it grows, what "
              + "interventions change. --suffix appends its first line.")
  private @Nullable String prompt;

  @ArgGroup(exclusive = false, validate = false, heading = "%nOver many prompts:%n", order = 1)
  private ExplainOptions many = new ExplainOptions();

  @ArgGroup(exclusive = false, validate = false, heading = "%nBelow the last layer:%n", order = 2)
  private LatentOptions latent = new LatentOptions();

  @Mixin private ModelOptions options = new ModelOptions();

  public ExplainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    return prompt == null ? explain() : look(prompt);
  }

  private int explain() throws IOException {
    var questions = latent.questions(model, many.seed());
    var data = many.data(DemoModel.named(model).isPresent());
    try (var chat = options.open(model, terminal);
        var _ = Scope.open()) {
      var stored = new DirectionArgument(direction).readFor(chat, terminal);
      var config = many.config(refusalTokens(chat));
      var asked = Prompting.usual().answeringAtOnce(chat);
      var explaining = Explain.of(asked, stored.direction(), data, config).asking(questions);
      Path folder = folder(chat, RunFolder.EXPLANATION_ENDING);
      try (var store = RunStore.at(folder);
          var watch = Interruption.watch(terminal, Interruption.goesOn(folder))) {
        var progress = watch.counting(new TerminalProgress(terminal));
        var explanation = explained(explaining, store, progress);
        ExplainFiles.write(explanation, store.folder(), study());
        tellStudy(store.folder());
        if (json) {
          terminal.out().print(ExplainFiles.json(explanation));
        } else {
          print(ExplainSummary.of(explanation), folder);
        }
      }
    }
    return ExitCode.OK;
  }

  /// The folder of the study that found the direction, if it is one with a page.
  private Optional<Path> study() throws IOException {
    return Files.isDirectory(direction) && RunFolder.at(direction).has(RunFolder.REPORT)
        ? Optional.of(direction)
        : Optional.empty();
  }

  /// Has the study's page speak of the explanation.
  private void tellStudy(RunFolder explanation) throws IOException {
    var study = study();
    if (study.isPresent()) {
      StudyFolder.at(study.get()).writeReports(RunFolder.at(study.get()), List.of(explanation));
    }
  }

  private Explanation explained(Explain explaining, RunStore store, Progress progress)
      throws IOException {
    if (base == null) {
      return explaining.run(store, progress);
    }
    try (var other = options.open(base, terminal)) {
      return explaining.against(other, baseReading).run(store, progress);
    }
  }

  private int look(String words) throws IOException {
    if (words.isBlank()) {
      throw new IllegalArgumentException("the prompt is empty; give one with -p");
    }
    if (!latent.questions(model, many.seed()).isEmpty()) {
      throw new IllegalArgumentException(
          "--decode-from and --patchscope compare many prompts; leave -p out");
    }
    var suffixes = many.givenSuffixes();
    try (var chat = options.open(model, terminal);
        var _ = Scope.open()) {
      var stored = new DirectionArgument(direction).readFor(chat, terminal);
      var tokens = Set.copyOf(refusalTokens(chat));
      if (tokens.isEmpty()) {
        throw new IllegalArgumentException(
            ("it is not known with which tokens %s opens a refusal; give --refusal-tokens,"
                    + " or a run folder as --direction")
                .formatted(chat.name()));
      }
      String suffix = suffixes.isEmpty() ? "" : suffixes.getFirst();
      var asked = Prompting.usual().answeringAtOnce(chat);
      var posed = asked.prompts().formatWithSuffix(words, suffix);
      var found =
          new Microscope(asked, stored.direction(), tokens, many.heads())
              .look(posed, variants(stored));
      Path folder = folder(chat, "-prompt");
      ExplainFiles.write(found, RunFolder.at(folder), study());
      if (json) {
        terminal.out().print(ExplainFiles.json(found));
      } else if (showsColours()) {
        // These have been through the filter, which would take their colours.
        terminal.out().flush();
        terminal.unfiltered(Channel.OUT).print(ColouredTokens.write(found));
        terminal.unfiltered(Channel.OUT).flush();
        print(AnatomySummary.besidesTokens(found), folder);
      } else {
        print(AnatomySummary.of(found), folder);
      }
    }
    return ExitCode.OK;
  }

  /// What the direction can be used for.
  private static List<Treatment> variants(DirectionFile stored) {
    var variants = new ArrayList<Treatment>();
    variants.add(Treatment.unedited());
    if (stored.operations().contains(Operation.ABLATION)) {
      variants.add(Treatment.ablation(Variant.ABLATION, stored.direction()));
    }
    if (stored.operations().contains(Operation.ADDITION)) {
      variants.add(Treatment.addition(Variant.ADDITION, stored.direction(), 1));
      variants.add(Treatment.addition(Variant.SUBTRACTION, stored.direction(), -1));
    }
    return variants;
  }

  private void print(Report page, Path folder) {
    terminal.out().print(TextReport.write(page));
    terminal.out().println("\nReport: " + folder.resolve(RunFolder.PAGE));
  }

  /// On a terminal, unless the user wants none (no-color.org).
  private boolean showsColours() {
    String unwanted = System.getenv("NO_COLOR");
    return terminal.isInteractive(Channel.OUT) && (unwanted == null || unwanted.isEmpty());
  }

  /// Those named, else those of the run folder the direction is in.
  private List<Integer> refusalTokens(ChatModel chat) throws IOException {
    var named = many.refusalTokens(chat.tokenizer());
    if (!named.isEmpty()) {
      return named;
    }
    return new DirectionArgument(direction)
        .refusalTokens()
        .filter(ids -> ids.stream().allMatch(id -> id < chat.config().dVocab()))
        .map(List::copyOf)
        .orElse(List.of());
  }

  private Path folder(ChatModel chat, String kind) {
    return out != null ? out : RunFolder.usual(chat, kind);
  }
}
