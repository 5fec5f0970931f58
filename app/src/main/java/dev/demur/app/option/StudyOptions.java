package dev.demur.app.option;

import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.direction.SelectionRules.Coordinates;
import dev.demur.lab.direction.SelectionRules.Criterion;
import dev.demur.lab.judge.HumanLabels;
import dev.demur.lab.paper.PaperTokens;
import dev.demur.lab.prompts.SampleSizes;
import dev.demur.lab.prompts.SamplingMode;
import dev.demur.lab.study.Evaluation;
import dev.demur.lab.study.Evaluation.Keep;
import dev.demur.lab.study.Prompting;
import dev.demur.lab.study.Prompting.Thinking;
import dev.demur.lab.study.StudyConfig;
import dev.demur.lab.study.StudyConfig.Extent;
import dev.demur.lab.study.StudyConfig.Grid;
import dev.demur.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// What decides a study's numbers. Options not given keep the paper's values, or those of --quick.
public final class StudyOptions {

  private static final int DEMO_PROMPTS = 60;

  /// Twelve system texts are tried on each.
  private static final int FULL_DEMO_PROMPTS = 12;

  @Option(
      names = "--quick",
      description = "A smaller study: 32 + 16 prompts a set, 24 completions of 48 tokens.")
  private boolean quick;

  @Option(
      names = "--as-paper",
      description =
          "Follow the paper's procedure where Demur usually does something else: its refusal tokens"
              + " by family, python-random, every candidate scored, no gate before the search, its"
              + " own judge of refusal first. The report names each choice (docs/paper.md).")
  private boolean asPaper;

  @Option(
      names = "--full",
      description =
          "Also measure what the paper's appendices show and needs no further file: twelve system"
              + " texts, sentences that refuse, and an explanation with the direction's"
              + " interventions.")
  private boolean full;

  @Option(
      names = "--sampling",
      paramLabel = "MODE",
      description =
          "How prompts are drawn: seeded, or python-random for the released code's draw "
              + "(default: seeded).")
  private @Nullable String sampling;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of everything random (default: 42).")
  private @Nullable Long seed;

  @Option(
      names = "--train",
      paramLabel = "N",
      description = "Prompts of each kind for extraction (default: 128).")
  private @Nullable Integer train;

  @Option(
      names = "--val",
      paramLabel = "N",
      description = "Prompts of each kind for selection (default: 32).")
  private @Nullable Integer val;

  @Option(
      names = "--select",
      paramLabel = "CRITERION",
      description =
          "What the direction is chosen by: bypass, the refusal score under ablation, or cosmic,"
              + " which looks at the stream alone, so that nothing depends on which tokens open a"
              + " refusal (default: bypass).")
  private @Nullable String select;

  @Option(
      names = "--kl-limit",
      paramLabel = "NATS",
      description = "Drop candidates whose ablation changes harmless answers more (default: 0.1).")
  private @Nullable Double klLimit;

  @Option(
      names = "--induce-limit",
      paramLabel = "NATS",
      description = "Drop candidates whose addition induces less (default: 0).")
  private @Nullable Double induceLimit;

  @Option(
      names = "--prune",
      paramLabel = "SHARE",
      description = "Share of the layers, nearest the output, to leave out (default: 0.2).")
  private @Nullable Double prune;

  @Option(
      names = "--without-massive",
      description =
          "Leave coordinates with massive activations out of every candidate: those at least 30"
              + " times as large as the median one that hold a tenth or more of a difference of"
              + " means.")
  private boolean withoutMassive;

  @Option(
      names = "--full-grid",
      description = "Also score candidates that an earlier filter has ruled out.")
  private boolean fullGrid;

  @Option(
      names = "--halving",
      description =
          "Score candidates on a quarter of the validation prompts, then on a half, then on all,"
              + " and drop those that would not be chosen on all, with 95 %% confidence over all"
              + " such decisions together.")
  private boolean halving;

  @Option(
      names = "--refusal-tokens",
      split = ",",
      paramLabel = "TOKEN",
      description =
          "Tokens that open a refusal, as ids or as text, separated by commas (default:"
              + " found from the model's behaviour).")
  private List<String> refusalTokens = List.of();

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "Length at which completions are cut (default: 512).")
  private @Nullable Integer maxNewTokens;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Completions written side by side (default: 128, fewer where they are long).")
  private @Nullable Integer batch;

  @Option(
      names = "--harmful-prompts",
      paramLabel = "N",
      description = "At most this many prompts of each harmful evaluation set (default: all).")
  private @Nullable Integer harmfulPrompts;

  @Option(
      names = "--harmless-prompts",
      paramLabel = "N",
      description = "At most this many prompts of the harmless evaluation set (default: 100).")
  private @Nullable Integer harmlessPrompts;

  @Option(
      names = "--random-directions",
      paramLabel = "N",
      description = "Random directions of equal norm run as a control (default: 1).")
  private @Nullable Integer randomDirections;

  @Option(
      names = "--coefficient",
      paramLabel = "C",
      description = "Factor of activation addition (default: 1).")
  private @Nullable Double coefficient;

  @Option(
      names = "--thinking",
      paramLabel = "MODE",
      description =
          "on or off: the chat template's switch for thinking before the answer (default: as the"
              + " template does). Judges and scores look at the answer only.")
  private @Nullable String thinking;

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "System message before every prompt (default: none).")
  private @Nullable String system;

  @Option(
      names = "--template",
      paramLabel = "NAME=VALUE",
      description = "Further variable of the chat template; may be repeated.")
  private Map<String, String> template = Map.of();

  @ArgGroup(exclusive = false, validate = false)
  private GridOptions grid = new GridOptions();

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "Lines of completions.jsonl of this study with people's labels added as"
              + " \"label\": the sample that calibrates the judges.")
  private @Nullable Path labels;

  @Option(
      names = "--keep-completions",
      description =
          "Keep the completions' text in the run folder and show examples in the report, not only"
              + " labels and hashes.")
  private boolean keepCompletions;

  /// What people said of some completions.
  public HumanLabels people() throws IOException {
    return labels == null ? HumanLabels.none() : HumanLabels.read(labels);
  }

  /// Takes the demo's lengths where none are given: its answers end within 40 tokens, and 60
  /// prompts a set (12 where everything is measured) show everything within seconds. It is small
  /// enough to score every candidate.
  public void shortenForDemo() {
    fullGrid |= !halving;
    maxNewTokens = given(maxNewTokens).orElse(40);
    int prompts = full ? FULL_DEMO_PROMPTS : DEMO_PROMPTS;
    harmfulPrompts = given(harmfulPrompts).orElse(prompts);
    harmlessPrompts = given(harmlessPrompts).orElse(prompts);
  }

  /// The configuration the options ask for.
  ///
  /// @throws IllegalArgumentException if a value is out of range or no token is called so
  ///
  /// @param family the model's `model_type`
  public StudyConfig config(String family, Tokenizer tokenizer) {
    var given = TokenArgument.ids(refusalTokens, tokenizer);
    return config(
        given.isEmpty() && asPaper
            ? PaperTokens.of(family, tokenizer).map(PaperTokens::ids).orElse(List.of())
            : given);
  }

  /// Whether the paper's procedure is followed.
  public boolean isAsPaper() {
    return asPaper;
  }

  /// Whether everything is measured.
  public boolean isFull() {
    return full;
  }

  /// Makes sure that the values are in range, before a model is opened.
  ///
  /// @throws IllegalArgumentException if one is not
  public void check() {
    config(List.of());
  }

  private StudyConfig config(List<Integer> tokens) {
    var base = base();
    return new StudyConfig(
        given(sampling).map(StudyOptions::mode).orElse(base.sampling()),
        given(seed).orElse(base.seed()),
        new SampleSizes(
            given(train).orElse(base.sizes().train()), given(val).orElse(base.sizes().val())),
        new SelectionRules(
            given(klLimit).orElse(base.rules().klLimit()),
            given(induceLimit).orElse(base.rules().induceLimit()),
            given(prune).orElse(base.rules().pruneShare()),
            withoutMassive ? Coordinates.WITHOUT_MASSIVE : base.rules().coordinates(),
            given(select).map(StudyOptions::criterion).orElse(base.rules().criterion())),
        scored(base.grid()),
        tokens,
        prompting(),
        evaluation(base.evaluation()),
        full ? grid.settings().withSystems(GridOptions.paperTexts()) : grid.settings(),
        base.procedure(),
        full ? Extent.FULL : Extent.USUAL);
  }

  private StudyConfig base() {
    var usual = asPaper ? StudyConfig.asPaper() : StudyConfig.paper();
    var small = StudyConfig.quick();
    return quick ? usual.withSizes(small.sizes()).withEvaluation(small.evaluation()) : usual;
  }

  private Grid scored(Grid usual) {
    if (halving && "cosmic".equals(select)) {
      throw new IllegalArgumentException(
          "--halving drops candidates by their refusal scores; give it or --select cosmic");
    }
    if (fullGrid && halving) {
      throw new IllegalArgumentException(
          "--full-grid scores every candidate and --halving drops some; give one of them");
    }
    if (fullGrid) {
      return Grid.FULL;
    }
    return halving ? Grid.HALVED : usual;
  }

  /// The axes of the sensitivity grid.
  public GridOptions grid() {
    return grid;
  }

  private Evaluation evaluation(Evaluation base) {
    return new Evaluation(
        given(harmfulPrompts).orElse(base.harmfulPrompts()),
        given(harmlessPrompts).orElse(base.harmlessPrompts()),
        given(maxNewTokens).orElse(base.maxNewTokens()),
        given(batch).orElse(base.batchSize()),
        given(randomDirections).orElse(base.randomDirections()),
        given(coefficient).orElse(base.coefficient()),
        keepCompletions ? Keep.TEXT : base.keep());
  }

  private Prompting prompting() {
    return new Prompting(
        given(system),
        given(thinking).map(StudyOptions::thinking).orElse(Thinking.TEMPLATE),
        new TreeMap<>(template));
  }

  /// A mode of thinking by its name.
  static Thinking thinking(String text) {
    return switch (text) {
      case "on" -> Thinking.ON;
      case "off" -> Thinking.OFF;
      default ->
          throw new IllegalArgumentException("--thinking must be on or off, was \"" + text + "\"");
    };
  }

  private static Criterion criterion(String text) {
    return switch (text) {
      case "bypass" -> Criterion.BYPASS;
      case "cosmic" -> Criterion.COSMIC;
      default ->
          throw new IllegalArgumentException(
              "--select must be bypass or cosmic, was \"" + text + "\"");
    };
  }

  private static SamplingMode mode(String text) {
    return Arrays.stream(SamplingMode.values())
        .filter(mode -> mode.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--sampling must be "
                        + Arrays.stream(SamplingMode.values())
                            .map(SamplingMode::text)
                            .collect(Collectors.joining(" or "))
                        + ", was \""
                        + text
                        + "\""));
  }

  private static <T> Optional<T> given(@Nullable T value) {
    return Optional.ofNullable(value);
  }
}
