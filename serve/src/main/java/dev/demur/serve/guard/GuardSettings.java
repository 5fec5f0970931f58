package dev.demur.serve.guard;

import java.nio.file.Path;

/// How a server is guarded.
///
/// @param monitor file of the monitor
/// @param onAlarm what is done when a prompt is harmful and the model does not refuse
/// @param texts whether the log quotes the prompts of alarms
public record GuardSettings(Path monitor, OnAlarm onAlarm, Texts texts) {

  /// Whether prompts are logged.
  public enum Texts {
    LEFT_OUT,
    QUOTED
  }
}
