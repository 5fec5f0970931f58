package dev.demur.serve.meter;

import dev.demur.model.generate.EngineState;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/// What one server counts.
public final class Meter {

  private static final double[] SECONDS = {
    .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300
  };

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter requests;
  private final Histogram seconds;
  private final Counter alarms;

  /// @param engine what it is doing, asked when metrics are read
  public Meter(Supplier<EngineState> engine) {
    this.requests =
        Counter.builder()
            .name("demur_http_requests_total")
            .help("Requests answered, by path and status (499: the client went away).")
            .labelNames("path", "status")
            .register(registry);
    this.seconds =
        Histogram.builder()
            .name("demur_http_request_seconds")
            .help("Time from a request's headers to the end of its answer, by path.")
            .labelNames("path")
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .register(registry);
    this.alarms =
        Counter.builder()
            .name("demur_monitor_alarms_total")
            .help("Prompts the guard's monitor raised an alarm for, by alarm.")
            .labelNames("alarm")
            .register(registry);
    gauge(
        engine, "demur_requests_running", "Sequences being read or written.", EngineState::running);
    gauge(engine, "demur_requests_queued", "Sequences that wait for a slot.", EngineState::queued);
    gauge(engine, "demur_slots", "Sequences that can run at once.", EngineState::slots);
    counter(
        engine,
        "demur_prompt_tokens_total",
        "Tokens of prompts that were run.",
        EngineState::tokensRead);
    counter(
        engine,
        "demur_prompt_tokens_shared_total",
        "Tokens of prompts taken over from another sequence.",
        EngineState::tokensShared);
    counter(engine, "demur_generated_tokens_total", "Tokens written.", EngineState::tokensWritten);
    counter(
        engine,
        "demur_sequences_ended_total",
        "Sequences that came to their end.",
        EngineState::ended);
    counter(
        engine,
        "demur_sequences_cancelled_total",
        "Sequences that were given up.",
        EngineState::cancelled);
    counter(
        engine,
        "demur_sequences_failed_total",
        "Sequences that came to nothing.",
        EngineState::failed);
  }

  private void gauge(
      Supplier<EngineState> engine, String name, String help, ToLongFunction<EngineState> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call((double) value.applyAsLong(engine.get())))
        .register(registry);
  }

  private void counter(
      Supplier<EngineState> engine, String name, String help, ToLongFunction<EngineState> value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call((double) value.applyAsLong(engine.get())))
        .register(registry);
  }

  /// Counts a request that was answered.
  ///
  /// @param path of its route
  public void served(String path, int status, Duration time) {
    requests.labelValues(path, String.valueOf(status)).inc();
    seconds.labelValues(path).observe(time.toNanos() / 1e9);
  }

  /// Counts an alarm.
  public void alarm(String alarm) {
    alarms.labelValues(alarm).inc();
  }

  /// Everything, in Prometheus' text format.
  public String text() {
    var out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(out, registry.scrape());
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written to", e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
