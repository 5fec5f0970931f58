package dev.demur.app.command.serve;

import dev.demur.serve.guard.GuardSettings;
import dev.demur.serve.guard.GuardSettings.Texts;
import dev.demur.serve.guard.OnAlarm;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a server is guarded.
final class GuardOptions {

  @Option(
      names = "--monitor",
      paramLabel = "FILE",
      description =
          "Watch every prompt in the pass that serves it: a monitor.json, as demur monitor train"
              + " writes it.")
  private @Nullable Path monitor;

  @Option(
      names = "--on-alarm",
      paramLabel = "ACTION",
      description =
          "What to do when a prompt is harmful and the model does not refuse: log, flag (tell the"
              + " client too), refuse, or policy:NAME, which writes the answer under a --policy"
              + " (default: log).")
  private @Nullable String onAlarm;

  @Option(names = "--log-prompts", description = "Quote the prompts of alarms in the log.")
  private boolean logPrompts;

  Optional<GuardSettings> settings() {
    if (monitor == null) {
      if (onAlarm != null || logPrompts) {
        throw new IllegalArgumentException(
            "--on-alarm and --log-prompts belong to --monitor, which is not given");
      }
      return Optional.empty();
    }
    return Optional.of(
        new GuardSettings(
            monitor,
            OnAlarm.parse(onAlarm == null ? "log" : onAlarm),
            logPrompts ? Texts.QUOTED : Texts.LEFT_OUT));
  }
}
