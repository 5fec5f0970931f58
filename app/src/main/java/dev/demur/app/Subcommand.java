package dev.demur.app;

import dev.demur.app.cli.Invocation;
import dev.demur.app.cli.Terminal;
import dev.demur.app.command.audit.AuditCommand;
import dev.demur.app.command.audit.DiffCommand;
import dev.demur.app.command.chat.ActivationsCommand;
import dev.demur.app.command.chat.ChatCommand;
import dev.demur.app.command.data.DataCommand;
import dev.demur.app.command.data.DirectionCommand;
import dev.demur.app.command.edit.EditCommand;
import dev.demur.app.command.edit.VerifyEditCommand;
import dev.demur.app.command.explain.ExplainCommand;
import dev.demur.app.command.judge.JudgeCommand;
import dev.demur.app.command.measure.BenchmarkCommand;
import dev.demur.app.command.measure.CoherenceCommand;
import dev.demur.app.command.measure.MapCommand;
import dev.demur.app.command.measure.ThinkingCommand;
import dev.demur.app.command.measure.TrialCommand;
import dev.demur.app.command.models.BenchCommand;
import dev.demur.app.command.models.DoctorCommand;
import dev.demur.app.command.models.ModelsCommand;
import dev.demur.app.command.monitor.MonitorCommand;
import dev.demur.app.command.policy.PolicyCommand;
import dev.demur.app.command.serve.ServeCommand;
import dev.demur.app.command.study.ReportCommand;
import dev.demur.app.command.study.ReproduceCommand;
import dev.demur.app.command.study.StudyCommand;
import dev.demur.app.command.toy.ToyCommand;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/// What `demur` can be told to do, in the order of its help.
///
/// Looking through the options of all commands takes longer than starting Java does, so a command
/// line knows only those completely that can be meant.
enum Subcommand {
  STUDY(StudyCommand.class),
  EXPLAIN(ExplainCommand.class),
  MONITOR(MonitorCommand.class),
  REPORT(ReportCommand.class),
  REPRODUCE(ReproduceCommand.class),
  JUDGE(JudgeCommand.class),
  COHERENCE(CoherenceCommand.class),
  BENCHMARK(BenchmarkCommand.class),
  TRIAL(TrialCommand.class),
  MAP(MapCommand.class),
  THINKING(ThinkingCommand.class),
  ACTIVATIONS(ActivationsCommand.class),
  CHAT(ChatCommand.class),
  SERVE(ServeCommand.class),
  DIRECTION(DirectionCommand.class),
  POLICY(PolicyCommand.class),
  EDIT(EditCommand.class),
  VERIFY_EDIT(VerifyEditCommand.class),
  AUDIT(AuditCommand.class),
  DIFF(DiffCommand.class),
  MODELS(ModelsCommand.class),
  DATA(DataCommand.class),
  TOY(ToyCommand.class),
  BENCH(BenchCommand.class),
  DOCTOR(DoctorCommand.class),
  COMPLETION(CompletionCommand.class);

  private final Class<?> command;

  Subcommand(Class<?> command) {
    this.command = command;
  }

  /// Those a command line may run or speak of at length; empty for one that names none.
  static Set<Subcommand> meant(String... args) {
    var word = Arrays.stream(args).filter(a -> !a.startsWith("-")).findFirst();
    if (word.isEmpty()) {
      return EnumSet.noneOf(Subcommand.class);
    }
    // A word that is not a command may be a file of arguments; and completion is about all
    // commands.
    return word.flatMap(Subcommand::named)
        .filter(s -> s != COMPLETION)
        .map(EnumSet::of)
        .orElseGet(() -> EnumSet.allOf(Subcommand.class));
  }

  private static Optional<Subcommand> named(String word) {
    return Arrays.stream(values()).filter(s -> s.word().equals(word)).findFirst();
  }

  /// As users type it.
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// As the list of commands shows it.
  CommandLine outline() {
    var spec = CommandSpec.create().name(word());
    spec.usageMessage().description(command.getAnnotation(Command.class).description());
    return new CommandLine(spec);
  }

  /// With everything it takes.
  ///
  /// @param args as typed, for the manifest
  CommandLine complete(Terminal terminal, String... args) {
    return switch (this) {
      case STUDY -> new CommandLine(new StudyCommand(terminal, Invocation.of(args)));
      case EXPLAIN -> new CommandLine(new ExplainCommand(terminal));
      case MONITOR -> MonitorCommand.with(terminal);
      case REPORT -> new CommandLine(new ReportCommand(terminal));
      case REPRODUCE -> new CommandLine(new ReproduceCommand(terminal, Invocation.of(args)));
      case JUDGE -> new CommandLine(new JudgeCommand(terminal));
      case COHERENCE -> new CommandLine(new CoherenceCommand(terminal));
      case BENCHMARK -> new CommandLine(new BenchmarkCommand(terminal));
      case TRIAL -> new CommandLine(new TrialCommand(terminal));
      case MAP -> new CommandLine(new MapCommand(terminal));
      case THINKING -> new CommandLine(new ThinkingCommand(terminal));
      case ACTIVATIONS -> new CommandLine(new ActivationsCommand(terminal));
      case CHAT -> new CommandLine(new ChatCommand(terminal));
      case SERVE -> new CommandLine(new ServeCommand(terminal));
      case DIRECTION -> DirectionCommand.with(terminal);
      case POLICY -> PolicyCommand.with(terminal);
      case EDIT -> new CommandLine(new EditCommand(terminal));
      case VERIFY_EDIT -> new CommandLine(new VerifyEditCommand(terminal));
      case AUDIT -> new CommandLine(new AuditCommand(terminal));
      case DIFF -> new CommandLine(new DiffCommand(terminal));
      case MODELS -> ModelsCommand.with(terminal);
      case DATA -> new CommandLine(new DataCommand(terminal));
      case TOY -> new CommandLine(new ToyCommand(terminal));
      case BENCH -> new CommandLine(new BenchCommand(terminal));
      case DOCTOR -> new CommandLine(new DoctorCommand(terminal));
      case COMPLETION -> new CommandLine(new CompletionCommand(terminal));
    };
  }
}
