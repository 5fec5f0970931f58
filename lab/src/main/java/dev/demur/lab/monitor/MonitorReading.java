package dev.demur.lab.monitor;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What a monitor saw in one pass.
///
/// @param harmfulness score of the harmfulness probe
/// @param refusal score of the refusal probe; above 0 means that the model refuses
/// @param written what the watched heads write along r̂ at the last token, stream units
/// @param attention their mean attention from there to the user's words
/// @param alarms what follows
/// @param length of the prompt, beside what the monitor was calibrated on
public record MonitorReading(
    double harmfulness,
    double refusal,
    double written,
    double attention,
    Set<Alarm> alarms,
    Length length) {

  /// How long a prompt is.
  ///
  /// @param tokens of the prompt
  /// @param calibrated tokens of the longest prompt the threshold was set on
  public record Length(int tokens, int calibrated) {

    /// Whether it is longer than all the threshold was set on, so that its bound says nothing.
    public boolean isBeyondCalibration() {
      return tokens > calibrated;
    }

    /// In words, where it is.
    public Optional<String> warning() {
      return isBeyondCalibration()
          ? Optional.of(
              String.format(
                  Locale.ROOT,
                  "beyond what it was calibrated on (%d tokens, the longest had %d)",
                  tokens,
                  calibrated))
          : Optional.empty();
    }
  }

  public MonitorReading {
    alarms = Set.copyOf(alarms);
  }

  /// Whether there is such an alarm.
  public boolean is(Alarm alarm) {
    return alarms.contains(alarm);
  }
}
