package dev.demur.app.command.chat;

import dev.demur.app.cli.Destination;
import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.TerminalProgress;
import dev.demur.app.option.ModelOptions;
import dev.demur.app.option.SteeringOptions;
import dev.demur.app.option.WrittenOptions;
import dev.demur.lab.activations.ActivationExport;
import dev.demur.lab.activations.ActivationRequest;
import dev.demur.lab.activations.ActivationRequest.Form;
import dev.demur.lab.activations.ActivationRequest.Logits;
import dev.demur.lab.activations.Places;
import dev.demur.lab.activations.TokenizedPrompt;
import dev.demur.lab.prompts.PromptReader;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `demur activations`.
@Command(
    name = "activations",
    mixinStandardHelpOptions = true,
    description = {
      "Write activations of prompts to a safetensors file.",
      "",
      "For prompt I, from 0: prompt.I.tokens (int64, all ids); for each site and layer"
          + " prompt.I.blocks.L.hook_resid_pre and so on (float32); prompt.I.logits. Sites:"
          + " resid_pre, attn_out, resid_mid, mlp_out, resid_post, ln_final [pos, d_model]; q, z"
          + " [pos, head, d_head]; k, v [pos, kv_head, d_head]; mlp_post [pos, d_mlp]; attn_scores,"
          + " pattern [head, query, key]; pattern_last [head, 1, key].",
      "",
      "With --stacked: tokens, blocks.L.hook_resid_pre and so on, logits, each [prompt, ...], with"
          + " prompts, labels, positions and token strings as JSON in the metadata.",
      ""
    })
public final class ActivationsCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "MODEL", description = "Folder, GGUF file, or org/name.")
  private String model = "";

  @Option(
      names = "--prompts",
      required = true,
      paramLabel = "FILE",
      description = "Text (a prompt a line), JSON list, JSONL, CSV, TSV or Parquet.")
  private Path prompts = Path.of("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Safetensors file to write.")
  private Path out = Path.of("");

  @Option(
      names = "--sites",
      split = ",",
      paramLabel = "SITE",
      description =
          "Activations to write, separated by commas (default: resid_pre, or none with"
              + " --logits).")
  private List<String> sites = List.of();

  @Option(
      names = "--layers",
      paramLabel = "LAYERS",
      defaultValue = "all",
      description = "all, or e.g. 0,4-7,-1; negative ones count from the last (default: all).")
  private String layers = "all";

  @Option(
      names = "--positions",
      paramLabel = "POSITIONS",
      defaultValue = "all",
      description =
          "all, or token positions in the order wanted, e.g. 0,3 or -5..-1; negative ones "
              + "count from the end (default: all).")
  private String positions = "all";

  @Option(names = "--logits", description = "Write the final logits at these positions as well.")
  private boolean logits;

  @Option(
      names = "--stacked",
      description =
          "One tensor for all prompts, [prompt, pos, d_model]; positions must be ones that all "
              + "prompts have, e.g. -5..-1, or the prompts equally long.")
  private boolean stacked;

  @Option(
      names = "--raw",
      description =
          "Take each prompt as it is, without the chat template (the tokenizer still puts "
              + "its usual token in front, as in Python).")
  private boolean raw;

  @Mixin private WrittenOptions written = new WrittenOptions();
  @Mixin private ModelOptions options = new ModelOptions();
  @Mixin private SteeringOptions steering = new SteeringOptions();

  public ActivationsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Destination.require(out);
    var request = request();
    var given = PromptReader.usual().read(prompts).prompts();
    try (var chat = options.open(model, terminal);
        var _ = Scope.open()) {
      var plan = steering.on(chat, terminal).plan(chat.config().nLayers());
      var read =
          given.stream()
              .map(prompt -> new TokenizedPrompt(prompt, ids(chat, prompt.instruction())))
              .toList();
      new ActivationExport(chat, request, plan).write(read, out, new TerminalProgress(terminal));
      written.say(terminal, out, out.toString(), Map.of("prompts", read.size()));
    }
    return ExitCode.OK;
  }

  private ActivationRequest request() {
    var wanted = sites.isEmpty() && !logits ? List.of(Site.RESID_PRE.text()) : sites;
    return new ActivationRequest(
        wanted.stream().map(String::strip).map(Site::parse).toList(),
        Places.parse(layers),
        Places.parse(positions),
        logits ? Logits.WRITTEN : Logits.LEFT_OUT,
        stacked ? Form.STACKED : Form.BY_PROMPT);
  }

  private TokenIds ids(ChatModel chat, String text) {
    return (raw ? chat.prompts().raw(text) : chat.prompt(text)).tokens();
  }
}
