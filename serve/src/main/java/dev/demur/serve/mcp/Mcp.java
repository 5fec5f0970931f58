package dev.demur.serve.mcp;

import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.ApiException.Reason;
import dev.demur.serve.direct.Direct;
import dev.demur.serve.http.Exchange;
import dev.demur.serve.http.Route;
import dev.demur.serve.http.Route.Method;
import dev.demur.serve.registry.Treatments;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Answers assistants that speak the Model Context Protocol.
///
/// Source: modelcontextprotocol.io, revision 2026-07-28 (streamable HTTP without streams), and for
/// clients that still begin with a handshake 2025-11-25 and before.
public final class Mcp {

  static final String CALL = "tools/call";

  private static final String PATH = "/mcp";

  /// Of the interface, as in `/demur/v1`.
  private static final String VERSION = "1";

  private static final String INSTRUCTIONS =
      "Looks at how a chat model refuses: score prompts, explain them, audit its weights.";

  /// What lists of tools say may be kept: they stay the same while the server runs.
  private static final long KEPT_MILLIS = Duration.ofMinutes(5).toMillis();

  private static final int OK = 200;
  private static final int REFUSED = 400;
  private static final int MISSING = 404;

  private final ServedModel model;
  private final List<Tool> tools;

  public Mcp(ServedModel model, Treatments treatments, Direct direct) {
    this.model = model;
    this.tools = new Tools(model, treatments, direct).all();
  }

  /// What it answers.
  public List<Route> routes() {
    return List.of(
        Route.of(Method.POST, PATH, this::answer).forMcp(),
        Route.of(
                Method.GET,
                PATH,
                _ -> {
                  throw new ApiException(Reason.METHOD, "messages are sent with POST");
                })
            .forMcp());
  }

  private void answer(Exchange exchange) throws IOException {
    var body = exchange.fields();
    var reply = new LinkedHashMap<String, Object>();
    reply.put("jsonrpc", "2.0");
    body.value("id").ifPresent(id -> reply.put("id", id));
    int status = OK;
    try {
      var message = Message.of(body);
      message.require(exchange);
      if (message.id().isEmpty()) {
        exchange.accept();
        return;
      }
      reply.put("result", result(message));
    } catch (RpcException e) {
      status = status(e);
      reply.put("error", e.error());
    } catch (ApiException e) {
      status = REFUSED;
      reply.put("error", new RpcException(RpcException.INVALID_PARAMS, e.text()).error());
    }
    exchange.send(status, reply);
  }

  private static int status(RpcException refused) {
    return refused.code() == RpcException.METHOD_NOT_FOUND ? MISSING : REFUSED;
  }

  private Map<String, Object> result(Message message) throws IOException {
    var found =
        switch (message.revision()) {
          case HANDSHAKE ->
              switch (message.method()) {
                case "initialize" -> Optional.of(hello(message));
                case "ping" -> Optional.of(Map.<String, Object>of());
                default -> shared(message);
              };
          case ENVELOPE ->
              message.method().equals("server/discover")
                  ? Optional.of(kept(discovery()))
                  : shared(message).map(Mcp::kept);
        };
    return found.orElseThrow(
        () ->
            new RpcException(
                RpcException.METHOD_NOT_FOUND, "there is no method " + message.method()));
  }

  private Optional<Map<String, Object>> shared(Message message) throws IOException {
    return switch (message.method()) {
      case "tools/list" -> Optional.of(Map.of("tools", tools.stream().map(Tool::told).toList()));
      case CALL -> Optional.of(call(message));
      default -> Optional.empty();
    };
  }

  /// What results of the current revision say besides.
  private static Map<String, Object> kept(Map<String, Object> result) {
    var all = new LinkedHashMap<String, Object>(result);
    all.put("resultType", "complete");
    if (!result.containsKey("content")) {
      all.put("ttlMs", KEPT_MILLIS);
      all.put("cacheScope", "private");
    }
    return all;
  }

  private Map<String, Object> discovery() {
    return Map.of(
        "supportedVersions",
        Revision.all(),
        "capabilities",
        Map.of("tools", Map.of()),
        "instructions",
        INSTRUCTIONS,
        "_meta",
        Map.of("io.modelcontextprotocol/serverInfo", serverInfo()));
  }

  private Map<String, Object> hello(Message message) {
    String asked = message.params().requireText("protocolVersion");
    String version = Revision.EARLIER.contains(asked) ? asked : Revision.EARLIER.getFirst();
    return Map.of(
        "protocolVersion",
        version,
        "capabilities",
        Map.of("tools", Map.of()),
        "serverInfo",
        serverInfo(),
        "instructions",
        INSTRUCTIONS);
  }

  private Map<String, Object> serverInfo() {
    return Map.of("name", "demur", "title", "Demur: " + model.name(), "version", VERSION);
  }

  private Map<String, Object> call(Message message) throws IOException {
    String name = message.params().requireText("name");
    var tool =
        tools.stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new RpcException(
                        RpcException.INVALID_PARAMS,
                        "there is no such tool; there are "
                            + tools.stream().map(Tool::name).toList()));
    try {
      String json = tool.work().of(message.params().object("arguments"));
      return Map.of("content", text(json), "structuredContent", Tool.tree(json), "isError", false);
    } catch (ApiException | IllegalArgumentException e) {
      // The assistant is to see what it did wrong.
      return Map.of("content", text(String.valueOf(e.getMessage())), "isError", true);
    }
  }

  private static List<Map<String, Object>> text(String text) {
    return List.of(Map.of("type", "text", "text", text));
  }
}
