package dev.demur.serve.study;

import dev.demur.lab.run.RunFolder;
import dev.demur.lab.run.RunStore;
import dev.demur.model.local.RegularFile;
import dev.demur.model.tensor.Scope;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.ApiException.Reason;
import dev.demur.serve.api.Json;
import dev.demur.serve.http.Exchange;
import dev.demur.serve.http.Route;
import dev.demur.serve.http.Route.Method;
import dev.demur.serve.registry.Treatments;
import dev.demur.serve.study.Running.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Studies and trials that clients start, each in a folder of its own.
public final class Studies implements AutoCloseable {

  private static final int RETRY_SECONDS = 60;
  private static final long LOOK_MILLIS = 200;

  /// The report is a page of its own: it runs the scripts it carries, asks nobody, and is of no
  /// origin, so that it cannot ask this server either.
  private static final String POLICY =
      "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline';"
          + " style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

  private final ServedModel model;
  private final Treatments treatments;
  private final TrialSets sets;
  private final Path folder;
  private final List<Running> all = new CopyOnWriteArrayList<>();
  private final AtomicInteger count = new AtomicInteger();
  private final ExecutorService one =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("serve-study").factory());

  /// @param treatments what trials can try
  /// @param sets prompts that trials ask
  /// @param folder where run folders go
  public Studies(ServedModel model, Treatments treatments, TrialSets sets, Path folder) {
    this.model = model;
    this.treatments = treatments;
    this.sets = sets;
    this.folder = folder;
  }

  /// What it answers.
  public List<Route> routes() {
    return List.of(
        Route.of(Method.GET, "/demur/v1/studies", x -> x.send(listing())),
        Route.of(Method.POST, "/demur/v1/studies", this::start),
        Route.of(Method.GET, "/demur/v1/studies/{id}", x -> x.send(of(x).status())),
        Route.of(Method.GET, "/demur/v1/studies/{id}/events", this::follow),
        Route.of(Method.GET, "/demur/v1/studies/{id}/report", this::report));
  }

  /// What there is to measure with, and what was measured.
  ///
  /// @param sets prompts that trials ask
  /// @param started since the server started, oldest first
  record Listing(List<TrialSets.Item> sets, List<Item> started) {

    /// @param kind `study` or `trial`
    /// @param state where it stands
    record Item(String id, String kind, String state) {}
  }

  private Listing listing() {
    return new Listing(
        sets.items(),
        all.stream()
            .map(Running::status)
            .map(status -> new Listing.Item(status.id(), status.kind(), status.state()))
            .toList());
  }

  private void start(Exchange exchange) throws IOException {
    var job = Job.of(exchange.fields(), model, treatments, sets);
    var running = add(job.kind());
    var _ = one.submit(() -> run(running, job));
    exchange.send(202, running.status());
  }

  private synchronized Running add(Job.Kind kind) {
    if (all.stream().anyMatch(running -> !running.state().isOver())) {
      throw ApiException.later("another study or trial is running", RETRY_SECONDS);
    }
    String id = kind.text() + "-" + Instant.now().getEpochSecond() + "-" + count.incrementAndGet();
    var running = new Running(id, kind);
    all.add(running);
    return running;
  }

  private void run(Running running, Job job) {
    running.run(
        () -> {
          try (var store = RunStore.at(folder.resolve(running.id()));
              var _ = Scope.open()) {
            return job.run(model, store, running.progress());
          }
        });
  }

  private Running of(Exchange exchange) {
    String id = exchange.part("id");
    return all.stream()
        .filter(running -> running.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new ApiException(Reason.PATH, "there is no such study or trial"));
  }

  /// The status whenever it changes, until the study is over.
  private void follow(Exchange exchange) {
    var running = of(exchange);
    exchange.watch();
    var out = exchange.stream("text/event-stream");
    try {
      long known = -1;
      boolean isOver = false;
      while (!isOver && !exchange.isGone()) {
        isOver = running.state().isOver();
        var status = running.after(known, LOOK_MILLIS);
        if (status.version() > known) {
          out.event(Json.write(status));
          known = status.version();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void report(Exchange exchange) throws IOException {
    var running = of(exchange);
    if (running.state() != State.DONE) {
      throw new ApiException(Reason.PATH, "there is no report yet");
    }
    exchange.header("Content-Security-Policy", POLICY);
    exchange.send(
        "text/html; charset=utf-8",
        RegularFile.bytes(folder.resolve(running.id()).resolve(RunFolder.PAGE)));
  }

  /// Ends the running study with its next step; what it finished stays in its folder.
  @Override
  public void close() {
    all.forEach(Running::stop);
    one.shutdown();
    try {
      var _ = one.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
