package dev.demur.lab.monitor;

import java.util.Set;

/// What a monitor saw in one pass.
///
/// @param harmfulness score of the harmfulness probe
/// @param refusal score of the refusal probe; above 0 means that the model refuses
/// @param written what the watched heads write along r̂ at the last token, stream units
/// @param attention their mean attention from there to the user's words
/// @param alarms what follows
public record MonitorReading(
    double harmfulness, double refusal, double written, double attention, Set<Alarm> alarms) {

  public MonitorReading {
    alarms = Set.copyOf(alarms);
  }

  /// Whether there is such an alarm.
  public boolean is(Alarm alarm) {
    return alarms.contains(alarm);
  }
}
