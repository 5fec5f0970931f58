package dev.demur.app.command.measure;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.command.measure.OpenRun.Measured;
import dev.demur.app.option.JudgeOptions;
import dev.demur.app.option.MapOptions;
import dev.demur.app.option.ModelOptions;
import dev.demur.app.option.TokenArgument;
import dev.demur.lab.judge.ClassifierJudge;
import dev.demur.lab.judge.HumanLabels;
import dev.demur.lab.judge.Judge;
import dev.demur.lab.judge.Language;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.map.DirectionMap;
import dev.demur.lab.map.MapPreset;
import dev.demur.lab.map.effect.AnswerKey;
import dev.demur.lab.map.effect.Outcome;
import dev.demur.lab.map.pairs.Form;
import dev.demur.lab.map.pairs.MapData;
import dev.demur.lab.map.pairs.PairsFile;
import dev.demur.lab.map.reading.MapConfig;
import dev.demur.lab.paper.Published;
import dev.demur.lab.report.format.TextReport;
import dev.demur.lab.report.map.MapReport;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.study.Prompting;
import dev.demur.model.ChatModel;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `demur map`.
@Command(
    name = "map",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Map many directions: how alike they are, and what each does to the others' prompts.",
      "",
      "A pair of prompt sets makes a direction. Cosines stand beside what redrawn prompts and"
          + " shuffled labels give; every direction is ablated, added and scaled on prompts that"
          + " no direction was made of. docs/maps.md says how to read it. If it is stopped, the"
          + " same command continues where it stopped.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  demur map demo",
      "  demur map demo-think --preset personas",
      "  demur map MODEL --pairs kinds.json --layer 16 --position -2 --dose 0.25,0.5,1",
      "  demur map MODEL --pairs mmlu-pro.jsonl --where \"score > 0.5\" --raw --scale 0.9,1.1"
    })
public final class MapCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "MODEL", description = "Folder, GGUF file, org/name, or demo.")
  private String model = "";

  @Option(
      names = "--pairs",
      paramLabel = "FILE",
      description =
          "Named pairs of prompt sets (JSON, see docs/maps.md; default for demo: its own), or"
              + " prompts that --where or --contrast make pairs of.")
  private @Nullable Path pairs;

  @Option(
      names = "--where",
      paramLabel = "CONDITION",
      description =
          "Which rows of --pairs are the target, e.g. \"score > 0.5\"; the others are the"
              + " contrast.")
  private @Nullable String where;

  @Option(
      names = "--contrast",
      paramLabel = "FILE",
      description = "The contrast of every category of --pairs, which is a pair each.")
  private @Nullable Path contrast;

  @Option(names = "--raw", description = "Put prompts without the chat template (--where alone).")
  private boolean raw;

  @Option(
      names = "--ask",
      paramLabel = "NAME=FILE",
      description = "Prompts to try all directions on, besides the pairs' own; may be repeated.")
  private Map<String, Path> asks = new LinkedHashMap<>();

  @Option(
      names = "--outcome",
      paramLabel = "OUTCOME",
      description =
          "What is looked at: first-token (the refusal score), judge (the first --judge of"
              + " refusal), accuracy:letter, accuracy:number or accuracy:text (against the"
              + " column key), language (the answer is in the prompt's) or language:CODE, or"
              + " contrast:UP/DOWN (tokens) (default: first-token).")
  private String outcome = "first-token";

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description =
          "A work's own settings, and its numbers beside yours: joad, lirefs, polyrefuse or"
              + " personas; other options come first.")
  private @Nullable String preset;

  @Option(
      names = "--styles",
      description = "Let every direction bring refusals about, and tell how they speak.")
  private boolean styles;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run folder (default: runs/, the model's name and -map).")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Mixin private MapOptions how = new MapOptions();
  @Mixin private JudgeOptions judges = new JudgeOptions();
  @Mixin private ModelOptions options = new ModelOptions();

  public MapCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    var work = Optional.ofNullable(preset).map(MapPreset::named);
    var data = data(work);
    try (var seated = judges.open(HumanLabels.none());
        var opened = options.open(model, terminal)) {
      var chat = Prompting.usual().answeringAtOnce(opened);
      var map =
          new DirectionMap(
              chat,
              data,
              outcome(chat, seated.panel()),
              how.config(usual(work, chat), chat),
              styles ? Optional.of(judge(seated.panel())) : Optional.empty());
      measure(chat, map, work.map(MapPreset::published));
    }
    return ExitCode.OK;
  }

  private static MapConfig usual(Optional<MapPreset> work, ChatModel chat) {
    return work.map(one -> one.config(chat.config().nLayers())).orElseGet(MapConfig::usual);
  }

  private void measure(ChatModel chat, DirectionMap map, Optional<Published> work)
      throws IOException {
    Path folder = out == null ? RunFolder.usual(chat, "-map") : out;
    var measured =
        new OpenRun(folder, terminal)
            .withPages(
                "map.json",
                (store, progress) -> {
                  var result = map.run(store, progress);
                  return new Measured(MapReport.of(result, work), MapReport.json(result));
                });
    terminal.out().print(json ? measured.json() : TextReport.write(measured.page()));
  }

  // ---- prompts -------------------------------------------------------------------------------

  private MapData data(Optional<MapPreset> work) throws IOException {
    return pairs(work).asking(PairsFile.asked(asks, form()));
  }

  private MapData pairs(Optional<MapPreset> work) throws IOException {
    if (pairs == null) {
      if (where != null || contrast != null) {
        throw new IllegalArgumentException(
            (where == null ? "--contrast" : "--where") + " belongs to --pairs, which is missing");
      }
      var demo =
          DemoModel.named(model)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "--pairs: name a file of pairs; docs/maps.md says how one is written"));
      return DemoPairs.of(demo, work);
    }
    var file = new PairsFile(pairs);
    if (where != null && contrast != null) {
      throw new IllegalArgumentException("--where and --contrast exclude each other");
    }
    if (where != null) {
      return file.parted(where, form());
    }
    if (contrast != null) {
      return file.byCategory(contrast, form());
    }
    if (raw) {
      throw new IllegalArgumentException(
          "--raw belongs to --where or --contrast; a file of pairs says \"form\": \"raw\"");
    }
    return file.read();
  }

  private Form form() {
    return raw ? Form.RAW : Form.CHAT;
  }

  // ---- outcomes ------------------------------------------------------------------------------

  private Outcome outcome(ChatModel chat, Panel panel) {
    String[] parts = outcome.split(":", 2);
    String more = parts.length > 1 ? parts[1] : "";
    return switch (parts[0]) {
      case "first-token" -> new Outcome.FirstToken();
      case "judge" -> new Outcome.Judged(judge(panel));
      case "accuracy" -> new Outcome.Accuracy(AnswerKey.named(more));
      case "contrast" -> contrast(more, chat);
      case "language" -> new Outcome.Spoken(more.isEmpty() ? Optional.empty() : language(more));
      default ->
          throw new IllegalArgumentException(
              "--outcome must be first-token, judge, accuracy:KIND, language, language:CODE or"
                  + " contrast:UP/DOWN, was "
                  + outcome);
    };
  }

  private static Optional<Language> language(String code) {
    var found = Language.ofCode(code).filter(one -> one != Language.UNDETERMINED);
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "--outcome language:CODE needs the two letters of a language that answers are told by,"
              + " such as es; was "
              + code);
    }
    return found;
  }

  private static Outcome contrast(String text, ChatModel chat) {
    String[] sides = text.split("/", -1);
    if (sides.length != 2) {
      throw new IllegalArgumentException(
          "--outcome contrast:UP/DOWN needs tokens on both sides of one slash, was " + text);
    }
    return new Outcome.Contrast(
        new TreeSet<>(TokenArgument.ids(List.of(sides[0].split(",")), chat.tokenizer())),
        new TreeSet<>(TokenArgument.ids(List.of(sides[1].split(",")), chat.tokenizer())));
  }

  private static Judge judge(Panel panel) {
    return panel.judges().isEmpty() ? ClassifierJudge.builtIn() : panel.judges().getFirst();
  }
}
