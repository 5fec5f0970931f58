package dev.demur.serve.guard;

import dev.demur.lab.monitor.Alarm;
import dev.demur.lab.monitor.ModelMonitor;
import dev.demur.lab.monitor.Monitor;
import dev.demur.lab.monitor.MonitorReading;
import dev.demur.lab.monitor.MonitorWatch;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.Prompt;
import dev.demur.serve.answer.Edits;
import dev.demur.serve.answer.Lane;
import dev.demur.serve.answer.Seen;
import dev.demur.serve.answer.Watcher;
import dev.demur.serve.guard.GuardSettings.Texts;
import dev.demur.serve.meter.Event;
import dev.demur.serve.meter.Meter;
import dev.demur.serve.registry.Treatments;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// A monitor that watches every prompt in the pass that serves it.
public final class Guard implements Watcher, AutoCloseable {

  private static final String REFUSAL = "This server's guard refused the prompt.";

  private final Monitor monitor;
  private final ModelMonitor watching;
  private final Scope.Lifetime tensors;
  private final Optional<String> doubt;
  private final OnAlarm onAlarm;
  private final Texts texts;
  private final Edits edits;
  private final Meter meter;
  private final Event.Log log;

  /// A guard at work.
  ///
  /// @param monitor read from the settings' file
  /// @param treatments where its policy is found
  /// @throws IOException if the model's weights cannot be read
  /// @throws IllegalArgumentException if the monitor is for another kind of model, or no policy has
  ///   the name
  public Guard(
      GuardSettings settings,
      Monitor monitor,
      ChatModel model,
      Treatments treatments,
      Meter meter,
      Event.Log log)
      throws IOException {
    this.monitor = monitor;
    this.onAlarm = settings.onAlarm();
    this.texts = settings.texts();
    this.meter = meter;
    this.log = log;
    this.doubt = monitor.doubt(model.name(), model.files().weightsHash());
    this.edits = edits(settings.onAlarm(), treatments);
    try (var scope = Scope.open()) {
      this.watching = monitor.on(model);
      this.tensors = scope.extend();
    }
  }

  private static Edits edits(OnAlarm onAlarm, Treatments treatments) {
    return switch (onAlarm) {
      case OnAlarm.Log _, OnAlarm.Flag _, OnAlarm.Refuse _ -> Edits.always(HookPlan.none());
      case OnAlarm.Under(String name) ->
          treatments.edits(
              treatments
                  .named(name)
                  .orElseThrow(
                      () -> new IllegalArgumentException("no policy is called \"" + name + "\"")));
    };
  }

  /// Whether clients hear of alarms.
  public boolean isTold() {
    return switch (onAlarm) {
      case OnAlarm.Log _ -> false;
      case OnAlarm.Flag _, OnAlarm.Refuse _, OnAlarm.Under _ -> true;
    };
  }

  @Override
  public Look look(Prompt prompt) {
    return new OnePrompt(watching.watch(List.of(prompt)));
  }

  private final class OnePrompt implements Look {

    private final MonitorWatch watch;

    OnePrompt(MonitorWatch watch) {
      this.watch = watch;
    }

    @Override
    public HookPlan probes() {
      return watch.probes();
    }

    @Override
    public Seen seen() {
      return told(watch.readings().getFirst());
    }
  }

  private Seen told(MonitorReading reading) {
    var why = doubt.or(() -> reading.length().warning());
    var bound = monitor.bound();
    return new Seen(
        reading.alarms().stream().sorted().map(Guard::word).toList(),
        reading.harmfulness(),
        monitor.threshold(),
        reading.refusal(),
        why.isPresent() ? OptionalDouble.empty() : OptionalDouble.of(bound.rate()),
        why.isPresent() ? OptionalDouble.empty() : OptionalDouble.of(bound.confidence()),
        why);
  }

  private static String word(Alarm alarm) {
    return alarm.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Reaction react(Seen seen, Lane lane, Prompt prompt) {
    if (lane.answer() == 0) {
      seen.alarms().forEach(meter::alarm);
    }
    if (!seen.alarms().contains(word(Alarm.HARMFUL_YET_NOT_REFUSING))) {
      return new Reaction.GoOn();
    }
    if (lane.answer() == 0) {
      log.tell(new Event("alarm", facts(seen, prompt)));
    }
    return switch (onAlarm) {
      case OnAlarm.Log _, OnAlarm.Flag _ -> new Reaction.GoOn();
      case OnAlarm.Refuse _ -> new Reaction.Refuse(REFUSAL);
      case OnAlarm.Under _ -> new Reaction.Under(edits);
    };
  }

  private Map<String, Object> facts(Seen seen, Prompt prompt) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("alarms", seen.alarms());
    facts.put("harmfulness", seen.harmfulness());
    facts.put("threshold", seen.threshold());
    facts.put("refusal", seen.refusal());
    seen.doubt().ifPresent(text -> facts.put("doubt", text));
    facts.put("tokens", prompt.length());
    if (texts == Texts.QUOTED) {
      facts.put("prompt", prompt.text());
    }
    return facts;
  }

  @Override
  public void close() {
    tensors.close();
  }
}
