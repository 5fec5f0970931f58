package dev.demur.app.command.policy;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.PrintedJson;
import dev.demur.app.cli.Terminal;
import dev.demur.app.option.ModelOptions;
import dev.demur.app.option.PolicyOptions;
import dev.demur.app.option.PolicyParameter;
import dev.demur.lab.policy.Dose;
import dev.demur.lab.policy.Policy;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `demur policy show`.
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Print a policy, what its names stand for and, on a model, its dose.",
      "",
      "The dose of a rule is the length of what it adds to a row of the stream, divided by the"
          + " row's own length: the median over a few neutral questions and the beginning of their"
          + " answers.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  demur policy show \"ablate r; add 0.4 r @answer\" --vector r=RUN --model demo"
    })
final class PolicyShowCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Mixin private PolicyParameter policy = new PolicyParameter();

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "Check it against this model, and measure its dose.")
  private @Nullable String model;

  @Option(
      names = "--max-dose",
      paramLabel = "SHARE",
      description = "Print the policy scaled down to at most this dose; needs --model.")
  private @Nullable Double maxDose;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the policy to this safetensors file as well.")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print everything as JSON.")
  private boolean json;

  @Mixin private ModelOptions options = new ModelOptions();

  PolicyShowCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    var argument = policy.argument();
    try (var _ = Scope.open()) {
      if (model == null) {
        if (maxDose != null) {
          throw new IllegalArgumentException("--max-dose needs --model to measure the dose on");
        }
        show(argument.read(), List.of());
        return ExitCode.OK;
      }
      try (var chat = options.open(model, terminal)) {
        var read = argument.readFor(chat, terminal);
        var doses = Dose.measure(chat, read);
        var limit = Optional.ofNullable(maxDose);
        show(limit.isPresent() ? Dose.within(read, doses, limit.get()) : read, doses);
      }
    }
    return ExitCode.OK;
  }

  private void show(Policy shown, List<Dose> doses) throws IOException {
    if (out != null) {
      shown.write(out);
    }
    if (json) {
      terminal.out().print(PrintedJson.of(facts(shown, doses)));
      return;
    }
    terminal.out().println(shown);
    shown.ingredients().forEach((name, what) -> terminal.out().println("  " + name + ": " + what));
    PolicyOptions.text(doses).forEach(line -> terminal.out().println("  " + line));
  }

  private static Map<String, Object> facts(Policy shown, List<Dose> doses) {
    var names = new LinkedHashMap<String, String>();
    shown.ingredients().forEach((name, what) -> names.put(name, what.toString()));
    var all = new LinkedHashMap<String, Object>();
    all.put("policy", shown.toString());
    all.put("names", names);
    all.put(
        "doses",
        doses.stream()
            .filter(dose -> dose.rows() > 0)
            .map(
                dose ->
                    Map.of(
                        "rule", dose.rule().toString(),
                        "median", dose.median(),
                        "largest", dose.largest(),
                        "rows", dose.rows()))
            .toList());
    return all;
  }
}
