package dev.demur.app.command.models;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.option.ModelOptions;
import dev.demur.lab.profile.DevicePlan;
import dev.demur.lab.profile.Exactness;
import dev.demur.lab.profile.ModelProfile;
import dev.demur.lab.profile.StudyCost;
import dev.demur.lab.run.Machine;
import dev.demur.model.tensor.Torch;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `demur models info`.
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description = {
      "Show what a model is, what a study of it takes here, and what is exact on it.",
      "",
      "Times come from two short products of the model's size, measured now; they are upper"
          + " estimates, since most candidates are ruled out early and many completions end early.",
      ""
    })
final class ModelsInfoCommand implements Callable<Integer> {

  private static final double GIB = 1 << 30;
  private static final double GIGA = 1e9;
  private static final double MINUTE = 60;
  private static final double HOUR = 3600;

  private final Terminal terminal;

  @Parameters(paramLabel = "MODEL", description = "Folder, GGUF file, or org/name.")
  private String model = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private ModelOptions options = new ModelOptions();

  ModelsInfoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    try (var chat = options.open(model, terminal)) {
      var profile = ModelProfile.of(chat);
      if (json) {
        terminal.out().println(JsonMapper.shared().writeValueAsString(facts(profile)));
      } else {
        lines(profile).forEach((name, value) -> terminal.out().printf("%-13s %s%n", name, value));
        terminal.out().println();
        profile.exactness().forEach(this::print);
      }
    }
    return ExitCode.OK;
  }

  private void print(Exactness exactness) {
    terminal
        .out()
        .printf("%-17s %s: %s%n", text(exactness.grade()), exactness.what(), exactness.note());
  }

  private static Map<String, Object> lines(ModelProfile profile) {
    var config = profile.config();
    var structure = profile.structure();
    var lines = new LinkedHashMap<String, Object>();
    lines.put("name", profile.name());
    lines.put("family", config.family());
    lines.put("parameters", "%,d".formatted(profile.parameters()));
    lines.put(
        "stored as",
        profile.storedAs().stream()
            .map(t -> "%s (%d tensors, %s)".formatted(t.type(), t.tensors(), size(t.bytes())))
            .collect(Collectors.joining(", ")));
    lines.put("held as", text(profile.heldAs()) + ", " + size(profile.heldBytes()));
    lines.put(
        "layers",
        structure.recurrent() == 0
            ? String.valueOf(config.nLayers())
            : config.nLayers() + ", of which " + structure.recurrent() + " recurrent");
    lines.put("d_model", config.dModel());
    lines.put("heads", config.nHeads() + ", " + config.nKvHeads() + " for keys and values");
    lines.put("d_head", config.dHead());
    lines.put("d_mlp", config.dMlp());
    lines.put("vocabulary", config.dVocab());
    lines.put("context", config.nCtx());
    lines.put(
        "norms",
        text(structure.norm()) + ", " + text(structure.placement()) + " attention and MLP");
    lines.put("blocks", text(structure.wiring()));
    lines.put("positions", text(structure.positions()));
    lines.put(
        "experts",
        structure.experts() == 0
            ? "none"
            : structure.experts() + ", of which a token uses " + structure.expertsPerToken());
    lines.put("embeddings", config.tiedEmbeddings() ? "tied" : "untied");
    lines.put("template", profile.template().map(t -> "SHA-256 " + t.sha256()).orElse("none"));
    lines.put("EOI tokens", profile.template().map(t -> t.eoiTokens().toString()).orElse("none"));
    lines.put("quick study", cost(profile.quickStudy()));
    lines.put("paper study", cost(profile.paperStudy()));
    profile.plans().forEach(plan -> lines.put("on " + plan.choice(), place(plan)));
    lines.put(
        "measured",
        "%.1f GFLOP/s reading prompts, %.1f writing"
            .formatted(profile.speed().reading() / GIGA, profile.speed().writing() / GIGA));
    return lines;
  }

  private static String place(DevicePlan plan) {
    String split = plan.shares().size() > 1 ? plan.placement() + ": " : "";
    return split
        + plan.shares().stream()
            .map(
                share ->
                    "%s%s of %s (weights %s, keys and values %s, a batch %s)%s"
                        .formatted(
                            split.isEmpty() ? "" : share.device() + " ",
                            size(share.taken()),
                            size(share.memory()),
                            size(share.weights()),
                            size(share.cache()),
                            size(share.batch()),
                            share.fits() ? "" : ", which do not fit"))
            .collect(Collectors.joining("; "));
  }

  private static String cost(StudyCost cost) {
    return "at most %s, %s of memory".formatted(time(cost.seconds()), size(cost.memoryBytes()));
  }

  private static String time(double seconds) {
    if (seconds < MINUTE) {
      return "a minute";
    }
    return seconds < HOUR
        ? "%.0f minutes".formatted(seconds / MINUTE)
        : "%.1f hours".formatted(seconds / HOUR);
  }

  private static String size(long bytes) {
    return bytes < GIB / 10
        ? "%.1f MiB".formatted(bytes / (GIB / 1024))
        : "%.1f GiB".formatted(bytes / GIB);
  }

  private static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static Map<String, Object> facts(ModelProfile profile) {
    var config = profile.config();
    var structure = profile.structure();
    var facts = new LinkedHashMap<String, Object>();
    facts.put("name", profile.name());
    facts.put("family", config.family());
    facts.put("parameters", profile.parameters());
    facts.put("stored_as", profile.storedAs());
    facts.put("held_as", text(profile.heldAs()));
    facts.put("held_bytes", profile.heldBytes());
    facts.put("layers", config.nLayers());
    facts.put("d_model", config.dModel());
    facts.put("heads", config.nHeads());
    facts.put("kv_heads", config.nKvHeads());
    facts.put("d_head", config.dHead());
    facts.put("d_mlp", config.dMlp());
    facts.put("d_vocab", config.dVocab());
    facts.put("n_ctx", config.nCtx());
    facts.put("norm", name(structure.norm()));
    facts.put("norm_placement", name(structure.placement()));
    facts.put("wiring", name(structure.wiring()));
    facts.put("positions", name(structure.positions()));
    facts.put("recurrent_layers", structure.recurrent());
    facts.put("experts", structure.experts());
    facts.put("experts_per_token", structure.expertsPerToken());
    facts.put("tied_embeddings", config.tiedEmbeddings());
    facts.put("template_sha256", profile.template().map(ModelProfile.Template::sha256).orElse(""));
    facts.put(
        "eoi_tokens", profile.template().map(ModelProfile.Template::eoiTokens).orElse(List.of()));
    facts.put("machine", Machine.here(Torch.threads()));
    facts.put(
        "flops",
        Map.of("reading", profile.speed().reading(), "writing", profile.speed().writing()));
    facts.put("devices", profile.plans().stream().map(ModelsInfoCommand::facts).toList());
    facts.put("quick_study", facts(profile.quickStudy()));
    facts.put("paper_study", facts(profile.paperStudy()));
    facts.put(
        "exactness",
        profile.exactness().stream()
            .map(e -> Map.of("what", e.what(), "grade", name(e.grade()), "note", e.note()))
            .toList());
    return facts;
  }

  private static Map<String, Object> facts(DevicePlan plan) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("device", plan.choice());
    facts.put("placement", plan.placement());
    facts.put("fits", plan.fits());
    facts.put(
        "shares",
        plan.shares().stream()
            .map(
                share ->
                    Map.of(
                        "device", share.device(),
                        "weights_bytes", share.weights(),
                        "cache_bytes", share.cache(),
                        "batch_bytes", share.batch(),
                        "memory_bytes", share.memory()))
            .toList());
    return facts;
  }

  private static Map<String, Object> facts(StudyCost cost) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("at_most_seconds", cost.seconds());
    facts.put("memory_bytes", cost.memoryBytes());
    facts.put("read_tokens", cost.readTokens());
    facts.put("written_tokens", cost.writtenTokens());
    return facts;
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
