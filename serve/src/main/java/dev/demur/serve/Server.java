package dev.demur.serve;

import dev.demur.lab.monitor.Monitor;
import dev.demur.model.ChatModel;
import dev.demur.model.generate.Engine;
import dev.demur.model.generate.EngineOptions;
import dev.demur.model.generate.EngineState;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.direct.Direct;
import dev.demur.serve.guard.Guard;
import dev.demur.serve.http.Listening;
import dev.demur.serve.http.Route;
import dev.demur.serve.http.Route.Method;
import dev.demur.serve.mcp.Mcp;
import dev.demur.serve.meter.Event;
import dev.demur.serve.meter.Meter;
import dev.demur.serve.ollama.Ollama;
import dev.demur.serve.openai.OpenAi;
import dev.demur.serve.registry.Registry;
import dev.demur.serve.registry.Treatments;
import dev.demur.serve.registry.Treatments.Telling;
import dev.demur.serve.study.Studies;
import dev.demur.serve.study.TrialSets;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A model behind a port, from opening to closing.
///
/// ```java
/// try (var model = ChatModel.load("demo");
///     var server = Server.open(model, settings, event -> {})) {
///   System.out.println("http://127.0.0.1:" + server.port());
/// }
/// ```
public final class Server implements AutoCloseable {

  /// Name of the policy that removes the direction called [#REFUSAL].
  private static final String ABLATED = "ablated";

  private static final String REFUSAL = "r";

  private final Event.Log log;
  private final ServedModel model;
  private final Treatments treatments;
  private final Meter meter;
  private final Optional<Guard> guard;
  private final Optional<Studies> studies;
  private final Listening listening;

  private Server(ChatModel chat, ServerSettings settings, Event.Log log) throws IOException {
    this.log = log;
    var transformer = chat.transformer();
    var usual = EngineOptions.suiting(transformer, settings.slots());
    int context = Math.min(settings.context(), transformer.limit().tokens());
    var engine = Engine.start(transformer, usual.withContext(context).withQueue(settings.queue()));
    try {
      this.model = ServedModel.of(chat, engine);
      var monitor = monitor(settings);
      this.treatments = treatments(settings, monitor);
      this.meter = new Meter(engine::state);
      this.guard = guard(settings, monitor);
      var sets = TrialSets.read(settings.directions(), model.name());
      this.studies = settings.studies().map(folder -> new Studies(model, treatments, sets, folder));
      this.listening =
          Listening.open(
              settings.listen(),
              routes(settings.tools()),
              served -> meter.served(served.path(), served.status(), served.time()),
              this::fault);
    } catch (IOException | RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  /// Opens a server. The model belongs to the caller and is closed after it.
  ///
  /// @param log hears of what the operator should know
  /// @throws IOException if the port is taken, or a direction cannot be read
  /// @throws IllegalArgumentException if a direction or a policy does not fit the model
  public static Server open(ChatModel chat, ServerSettings settings, Event.Log log)
      throws IOException {
    return new Server(chat, settings, log);
  }

  private static Optional<Monitor> monitor(ServerSettings settings) throws IOException {
    return settings.guard().isPresent()
        ? Optional.of(Monitor.read(settings.guard().get().monitor()))
        : Optional.empty();
  }

  private Optional<Guard> guard(ServerSettings settings, Optional<Monitor> monitor)
      throws IOException {
    if (monitor.isEmpty()) {
      return Optional.empty();
    }
    var made =
        new Guard(
            settings.guard().orElseThrow(), monitor.get(), model.chat(), treatments, meter, log);
    treatments.watch(made, made.isTold() ? Telling.TOLD : Telling.UNTOLD);
    return Optional.of(made);
  }

  private Treatments treatments(ServerSettings settings, Optional<Monitor> monitor)
      throws IOException {
    var registry = registry(settings);
    if (monitor.isPresent()) {
      monitor.get().requireFits(model.chat());
      registry = registry.with(monitor.get(), model.chat());
    }
    var policies = new LinkedHashMap<String, String>();
    if (registry.entry(REFUSAL).isPresent()) {
      policies.put(ABLATED, "ablate " + REFUSAL);
    }
    policies.putAll(settings.policies());
    return new Treatments(model, registry, policies);
  }

  private Registry registry(ServerSettings settings) throws IOException {
    if (settings.directions().isPresent()) {
      return Registry.read(settings.directions().get(), model.chat());
    }
    return DemoModel.named(model.name()).isPresent()
        ? Registry.ofDemo(model.chat())
        : Registry.empty();
  }

  private List<Route> routes(ServerSettings.Tools tools) {
    var routes = new ArrayList<Route>();
    routes.add(
        Route.of(Method.GET, "/health", exchange -> exchange.send(Map.of("status", "ok"))).open());
    routes.add(
        Route.of(
            Method.GET,
            "/metrics",
            exchange -> exchange.send("text/plain; version=0.0.4; charset=utf-8", meter.text())));
    routes.addAll(new OpenAi(model, treatments).routes());
    routes.addAll(new Ollama(model, treatments).routes());
    var direct = new Direct(model, treatments, offers());
    routes.addAll(direct.routes());
    if (tools == ServerSettings.Tools.MCP) {
      routes.addAll(new Mcp(model, treatments, direct).routes());
    }
    studies.ifPresent(each -> routes.addAll(each.routes()));
    return routes;
  }

  private List<String> offers() {
    if (studies.isEmpty()) {
      return List.of();
    }
    return DemoModel.named(model.name()).isPresent()
        ? List.of("studies", "prompts")
        : List.of("studies");
  }

  private void fault(String path, RuntimeException fault) {
    // The message may quote a prompt; where it happened does not.
    log.tell(
        new Event(
            "fault",
            Map.of(
                "path",
                path,
                "kind",
                fault.getClass().getName(),
                "at",
                fault.getStackTrace().length > 0 ? fault.getStackTrace()[0].toString() : "")));
  }

  /// The port it listens on.
  public int port() {
    return listening.port();
  }

  /// Names under which the model can be asked.
  public List<String> modelNames() {
    return treatments.modelNames();
  }

  EngineState engineState() {
    return model.engine().state();
  }

  Treatments treatments() {
    return treatments;
  }

  /// Takes no more requests, waits for those being answered, and closes.
  @Override
  public void close() {
    listening.close();
    var _ = model.engine().drain(Duration.ZERO);
    model.engine().close();
    studies.ifPresent(Studies::close);
    guard.ifPresent(Guard::close);
    treatments.close();
  }
}
