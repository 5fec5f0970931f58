package dev.demur.app.command.policy;

import dev.demur.app.cli.Destination;
import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.Version;
import dev.demur.app.option.ModelOptions;
import dev.demur.app.option.PromptsArgument;
import dev.demur.app.option.RefusalOptions;
import dev.demur.app.option.WrittenOptions;
import dev.demur.lab.monitor.Monitor;
import dev.demur.lab.policy.PolicyFile;
import dev.demur.lab.policy.fit.CosmicFit;
import dev.demur.lab.policy.fit.FitSets;
import dev.demur.lab.policy.fit.Fitted;
import dev.demur.lab.policy.fit.NullSpace;
import dev.demur.lab.policy.fit.PolicyFits;
import dev.demur.lab.policy.fit.PolicyFits.Range;
import dev.demur.lab.study.Prompting;
import dev.demur.model.ChatModel;
import dev.demur.model.tensor.Scope;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `demur policy fit`.
@Command(
    name = "fit",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Fit a published repair or defence to a model, as a policy file.",
      "",
      "METHOD is one of: surgical (ablate the direction of false refusal, without what it shares"
          + " with refusal), ace (affine concept editing), alphasteer (null-space maps), cast (add"
          + " the direction where a cosine says so), monitor (add it where a monitor says so),"
          + " clusters and som (ablate several directions, of k-means clusters or of a map's"
          + " units), cosmic (find the refusal direction by the stream alone and ablate it; needs"
          + " no --direction). docs/policies.md has their formulas and sources.",
      "",
      "surgical, clusters and som look at the tokens that open a refusal, false refusals included."
          + " A model that thinks is read behind an empty thought.",
      "",
      "The last quarter of each set is kept for choices between candidates.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  demur policy fit surgical demo --direction RUN --refusal-tokens I,That \\",
      "      --out surgical.safetensors"
    })
final class PolicyFitCommand implements Callable<Integer> {

  /// What can be fitted.
  enum Method {
    SURGICAL,
    ACE,
    ALPHASTEER,
    CAST,
    MONITOR,
    CLUSTERS,
    SOM,
    COSMIC
  }

  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "METHOD", description = "What to fit.")
  private Method method = Method.SURGICAL;

  @Parameters(
      index = "1",
      paramLabel = "MODEL",
      description = "Folder, GGUF file, org/name, or demo.")
  private String model = "";

  @Option(
      names = "--harmful",
      paramLabel = "FILE",
      description = "Prompts to refuse (default for demo: its own).")
  private @Nullable Path harmful;

  @Option(
      names = "--harmless",
      paramLabel = "FILE",
      description = "Prompts to follow (default for demo: its own).")
  private @Nullable Path harmless;

  @Option(
      names = "--pseudo",
      paramLabel = "FILE",
      description =
          "Harmless prompts that sound harmful, for surgical (default for demo: its own).")
  private @Nullable Path pseudo;

  @Option(
      names = "--lambda",
      paramLabel = "L",
      defaultValue = "1",
      description = "surgical: how much of the refusal direction to take out (default: 1).")
  private double lambda = 1;

  @Option(
      names = "--coefficient",
      paramLabel = "C",
      description =
          "ace: how far towards harmful prompts, 0 (the default) to 1; cast and monitor: factor of"
              + " what is added (default: 1); alphasteer: factor of the map (default: 0.5).")
  private @Nullable Double coefficient;

  @Option(
      names = "--layers",
      paramLabel = "N-N",
      description =
          "alphasteer: layers to steer (default: two before to two behind the direction's).")
  private @Nullable String layers;

  @Option(
      names = "--share",
      paramLabel = "P",
      defaultValue = "0.5",
      description = "alphasteer: share of eigenvectors in the null space (default: 0.5).")
  private double share = 0.5;

  @Option(
      names = "--ridge",
      paramLabel = "A",
      defaultValue = "10",
      description = "alphasteer: weight of the null space's projection (default: 10).")
  private double ridge = 10;

  @Option(
      names = "--clusters",
      paramLabel = "K",
      defaultValue = "4",
      description = "clusters: how many there are to choose from (default: 4).")
  private int clusters = 4;

  @Option(names = "--monitor", paramLabel = "FILE", description = "monitor: the monitor.")
  private @Nullable Path monitor;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Policy file to write.")
  private Path out = Path.of("");

  @Mixin private RefusalOptions refusal = new RefusalOptions();
  @Mixin private ModelOptions options = new ModelOptions();
  @Mixin private WrittenOptions written = new WrittenOptions();

  PolicyFitCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Destination.require(out);
    boolean demo = DemoModel.named(model).isPresent();
    var sets =
        new FitSets(
            PromptsArgument.read(harmful, "--harmful", "splits/harmful_train", demo).instructions(),
            PromptsArgument.read(harmless, "--harmless", "splits/harmless_train", demo)
                .instructions(),
            method == Method.SURGICAL
                ? PromptsArgument.read(pseudo, "--pseudo", "sets/pseudo_harmful_train", demo)
                    .instructions()
                : List.of());
    try (var opened = options.open(model, terminal);
        var _ = Scope.open()) {
      var chat = Prompting.usual().answeringAtOnce(opened);
      var fitted = fit(chat, sets);
      fitted.policy().requireFits(chat.name(), chat.config().dModel(), chat.config().nLayers());
      new PolicyFile(fitted.policy(), Optional.of(Version.provenance(chat))).write(out);
      written.say(terminal, out, text(fitted), facts(fitted));
    }
    return ExitCode.OK;
  }

  private Fitted fit(ChatModel chat, FitSets sets) throws IOException {
    return switch (method) {
      case SURGICAL -> fits(chat, sets).surgical(lambda, tokens(chat));
      case ACE -> fits(chat, sets).ace(factor(0));
      case ALPHASTEER -> {
        var fits = fits(chat, sets);
        var range = layers == null ? fits.around() : range(layers, chat.config().nLayers());
        yield fits.alphaSteer(range, new NullSpace(share, ridge), factor(0.5));
      }
      case CAST -> fits(chat, sets).conditional(factor(1));
      case MONITOR -> {
        if (monitor == null) {
          throw new IllegalArgumentException("name the monitor with --monitor");
        }
        var trained = Monitor.read(monitor);
        var found = refusal.direction(name(), chat, terminal);
        yield PolicyFits.gated(found, trained.detector(chat), trained.threshold(), factor(1));
      }
      case CLUSTERS -> fits(chat, sets).clusters(clusters, tokens(chat));
      case SOM -> fits(chat, sets).units(tokens(chat));
      case COSMIC -> {
        if (refusal.isGiven()) {
          throw new IllegalArgumentException(
              "cosmic finds a direction of its own; leave --direction out");
        }
        yield new CosmicFit(chat, sets).ablation();
      }
    };
  }

  private PolicyFits fits(ChatModel chat, FitSets sets) throws IOException {
    return new PolicyFits(chat, sets, refusal.direction(name(), chat, terminal));
  }

  private String name() {
    return method.name().toLowerCase(Locale.ROOT);
  }

  private double factor(double usual) {
    return coefficient == null ? usual : coefficient;
  }

  private static Range range(String layers, int count) {
    if (!layers.matches("\\d{1,6}-\\d{1,6}")) {
      throw new IllegalArgumentException(
          "--layers must be FIRST-LAST, such as 8-12, was " + layers);
    }
    int dash = layers.indexOf('-');
    int first = Integer.parseInt(layers.substring(0, dash));
    int last = Integer.parseInt(layers.substring(dash + 1));
    if (last < first || last >= count) {
      throw new IllegalArgumentException(
          "--layers " + layers + ": the model has layers 0 to " + (count - 1));
    }
    return new Range(first, last);
  }

  private Set<Integer> tokens(ChatModel chat) throws IOException {
    return refusal.tokens(name(), chat);
  }

  private String text(Fitted fitted) {
    return fitted.policy()
        + "\n"
        + fitted.facts().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> "  " + e.getKey().replace('_', ' ') + ": " + shown(e.getValue()))
            .collect(Collectors.joining("\n"))
        + "\n\nPolicy: "
        + out;
  }

  private static String shown(Object value) {
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%.4g", number)
        : value.toString();
  }

  private static Map<String, Object> facts(Fitted fitted) {
    var all = new LinkedHashMap<String, Object>(fitted.facts());
    all.put("policy", fitted.policy().toString());
    return all;
  }
}
