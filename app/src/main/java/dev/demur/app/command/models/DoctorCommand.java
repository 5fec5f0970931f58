package dev.demur.app.command.models;

import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.lab.profile.Diagnosis;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// `demur doctor`.
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "What Demur finds on this machine, and what to do where something is missing.",
      "",
      "Looks at Java, memory, libtorch, cards, the speed of products, caches and the hub. Ends with"
          + " exit code 2 when something is broken."
    })
public final class DoctorCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  public DoctorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    var diagnosis = Diagnosis.of(System.getenv());
    if (json) {
      terminal.out().println(JsonMapper.shared().writeValueAsString(diagnosis));
    } else {
      diagnosis.findings().forEach(this::print);
    }
    return diagnosis.isSound() ? ExitCode.OK : ExitCode.BAD_INPUT;
  }

  private void print(Diagnosis.Finding finding) {
    String mark =
        switch (finding.state()) {
          case GOOD -> "ok";
          case COULD_BE_BETTER -> "note";
          case BROKEN -> "BROKEN";
        };
    terminal.out().printf("%-7s %-9s %s%n", mark, finding.subject(), finding.found());
    finding.advice().ifPresent(advice -> terminal.out().printf("%17s %s%n", "→", advice));
  }
}
