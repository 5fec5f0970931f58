package dev.demur.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.demur.app.cli.EarlierOptions;
import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Failure;
import dev.demur.app.cli.Settings;
import dev.demur.app.cli.Similar;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// All commands together.
@Command(
    name = "demur",
    description = {
      "Finds, measures, edits and audits the direction along which chat models refuse.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "A MODEL is a Hugging Face folder, a GGUF file, org/name in the local hub cache, or demo, the"
          + " embedded model (demo-base: the same before it learnt to refuse; demo-think: one that"
          + " thinks first). demur COMMAND --help says more about each command.",
      "",
      "Exit codes: 0 done, 1 fault in Demur, 2 bad input, 3 a requested condition is met."
    })
public final class Demur implements Runnable {

  /// What a terminal has that nobody has widened.
  private static final int USAGE_WIDTH = 80;

  private static final char LOST = '\ufffd';

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show where an error arose (also: DEMUR_DEBUG=1).")
  private boolean debug;

  /// For help: [#execute(Terminal, String...)] looks for it before anything is parsed.
  @SuppressWarnings("unused")
  @Option(
      names = "--quiet",
      scope = ScopeType.INHERIT,
      description = "Show results, warnings and errors only: no progress, no notes.")
  private boolean quiet;

  private final Terminal terminal;
  private final Settings settings;

  private Demur(Terminal terminal, Settings settings) {
    this.terminal = terminal;
    this.settings = settings;
  }

  /// Runs one command.
  ///
  /// @return the exit code
  public static int run(Terminal terminal, String... args) {
    int code = execute(terminal, args);
    terminal.err().flush();
    terminal.out().flush();
    return code == ExitCode.OK && terminal.out().checkError() ? ExitCode.BAD_INPUT : code;
  }

  private static int execute(Terminal terminal, String... args) {
    try {
      var settings = Settings.ofEnvironment();
      boolean quiet = List.of(args).contains("--quiet") || settings.isOn("quiet");
      var line = commandLine(quiet ? terminal.quietly() : terminal, settings, args);
      return line.execute(EarlierOptions.renamed(line, args));
    } catch (IOException e) {
      return failed(terminal, e);
    } catch (OutOfMemoryError | StackOverflowError | LinkageError e) {
      if (List.of(args).contains("--debug")) {
        e.printStackTrace(terminal.err());
      }
      return failed(terminal, e);
    }
  }

  private static int failed(Terminal terminal, Throwable thrown) {
    var failure = Failure.of(thrown);
    terminal.say(failure.message());
    return failure.exitCode();
  }

  /// All commands, ready to parse.
  static CommandLine everyCommand(Terminal terminal) {
    return commandLine(terminal, Settings.none(), EnumSet.allOf(Subcommand.class));
  }

  /// What is needed of the commands to run one command line.
  ///
  /// @param args as typed
  static CommandLine commandLine(Terminal terminal, Settings settings, String... args) {
    return commandLine(terminal, settings, Subcommand.meant(args), args);
  }

  /// @param meant to be run; where there is none, all are listed
  private static CommandLine commandLine(
      Terminal terminal, Settings settings, Set<Subcommand> meant, String... args) {
    var demur = new Demur(terminal, settings);
    var line = new CommandLine(demur);
    for (var subcommand : Subcommand.values()) {
      if (meant.contains(subcommand)) {
        line.addSubcommand(subcommand.word(), subcommand.complete(terminal, args));
      } else if (meant.isEmpty()) {
        line.addSubcommand(subcommand.word(), subcommand.outline());
      }
    }
    // Settings reach the subcommands only once they are there.
    return line.setOut(new PrintWriter(terminal.out(), true, UTF_8))
        .setErr(new PrintWriter(terminal.err(), true, UTF_8))
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .setUsageHelpWidth(USAGE_WIDTH)
        .setAbbreviatedOptionsAllowed(false)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setDefaultValueProvider(settings)
        .setExecutionStrategy(demur::execute)
        .setParameterExceptionHandler((e, _) -> demur.usage(e))
        .setExecutionExceptionHandler((e, _, _) -> demur.failed(e));
  }

  private int execute(ParseResult parsed) {
    requireReadable(parsed);
    var unknown = settings.unknown(parsed, () -> everyCommand(terminal));
    if (unknown.isPresent()) {
      throw new ParameterException(parsed.commandSpec().commandLine(), unknown.get());
    }
    settings.used(parsed).forEach(terminal::note);
    return new CommandLine.RunLast().execute(parsed);
  }

  /// Java puts `U+FFFD` where an argument's bytes mean nothing in the locale's encoding; the model
  /// would answer another question than the one that was asked.
  private static void requireReadable(ParseResult parsed) {
    for (String argument : parsed.expandedArgs()) {
      if (argument.indexOf(LOST) >= 0) {
        throw new ParameterException(
            parsed.commandSpec().commandLine(),
            "\"%s\" has lost characters, because the locale's encoding is %s; set LC_ALL=C.UTF-8"
                .formatted(argument, System.getProperty("sun.jnu.encoding")));
      }
    }
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /// One line, and how to learn more.
  private int usage(ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String message =
        Similar.unknownCommand(e)
            .orElseGet(() -> String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    var source = Optional.ofNullable(e.getArgSpec()).flatMap(settings::found);
    terminal.say(
        message
            + source.map(found -> " (from " + found.source() + ")").orElse("")
            + Similar.suggestion(e)
            + " ("
            + command
            + " --help)");
    return ExitCode.BAD_INPUT;
  }

  private int failed(Exception e) {
    if (debug) {
      e.printStackTrace(terminal.err());
    }
    return failed(terminal, e);
  }
}
