package dev.demur.app.command.policy;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.PrintedJson;
import dev.demur.app.cli.Terminal;
import dev.demur.app.option.ModelOptions;
import dev.demur.app.option.PolicyParameter;
import dev.demur.lab.policy.Policy;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `demur policy validate`.
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Check that a policy is sound and, with --model, that it fits.",
      "",
      "Prints the policy as the language writes it. What is wrong is said with its place in the"
          + " line, what stands there and what should; the exit code is then 2.",
      ""
    })
final class PolicyValidateCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Mixin private PolicyParameter policy = new PolicyParameter();

  @Option(names = "--model", paramLabel = "MODEL", description = "Check it against this model.")
  private @Nullable String model;

  @Option(names = "--json", description = "Print the policy as JSON.")
  private boolean json;

  @Mixin private ModelOptions options = new ModelOptions();

  PolicyValidateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    var argument = policy.argument();
    try (var _ = Scope.open()) {
      if (model == null) {
        print(argument.read());
      } else {
        try (var chat = options.open(model, terminal)) {
          print(argument.readFor(chat, terminal));
        }
      }
    }
    return ExitCode.OK;
  }

  private void print(Policy sound) {
    if (json) {
      terminal.out().print(PrintedJson.of(Map.of("policy", sound.toString())));
    } else {
      terminal.out().println(sound);
    }
  }
}
