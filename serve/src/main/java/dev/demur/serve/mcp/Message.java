package dev.demur.serve.mcp;

import dev.demur.serve.api.Fields;
import dev.demur.serve.http.Exchange;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One message of a client.
///
/// @param id to answer under; empty where no answer is wanted
/// @param method what is wanted
/// @param params of it
/// @param revision how it is put
record Message(Optional<JsonNode> id, String method, Fields params, Revision revision) {

  private static final String META = "_meta";
  private static final String VERSION = "io.modelcontextprotocol/protocolVersion";
  private static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
  private static final String VERSION_HEADER = "MCP-Protocol-Version";

  /// Reads a message; [#require] says whether it is in order.
  ///
  /// @throws RpcException if it is none
  static Message of(Fields body) {
    var id = body.value("id");
    boolean isId = id.isEmpty() || id.get().isString() || id.get().isIntegralNumber();
    if (!body.text("jsonrpc").equals(Optional.of("2.0")) || !body.has("method") || !isId) {
      throw new RpcException(
          RpcException.INVALID_REQUEST, "expected one JSON-RPC 2.0 request or notification");
    }
    var params = body.object("params");
    boolean stands = params.object(META).has(VERSION);
    return new Message(
        id, body.requireText("method"), params, stands ? Revision.ENVELOPE : Revision.HANDSHAKE);
  }

  /// Checks version and headers, of which proxies on the way make use.
  ///
  /// @throws RpcException if they do not fit together, or the version is none of ours
  void require(Exchange exchange) {
    var header = exchange.asked(VERSION_HEADER);
    switch (revision) {
      case HANDSHAKE -> {
        if (header.equals(Optional.of(Revision.CURRENT))) {
          throw new RpcException(RpcException.INVALID_PARAMS, "params._meta must have " + VERSION);
        }
        if (header.isPresent() && !Revision.EARLIER.contains(header.get())) {
          throw unsupported(header.get());
        }
      }
      case ENVELOPE -> {
        var meta = params.object(META);
        String version = meta.requireText(VERSION);
        if (!meta.value(CAPABILITIES).map(JsonNode::isObject).orElse(false)) {
          throw new RpcException(
              RpcException.INVALID_PARAMS, "params._meta must have " + CAPABILITIES);
        }
        requireSame(VERSION_HEADER, header, version);
        requireSame("Mcp-Method", exchange.asked("Mcp-Method"), method);
        if (method.equals(Mcp.CALL)) {
          requireSame("Mcp-Name", exchange.asked("Mcp-Name"), params.requireText("name"));
        }
        if (!version.equals(Revision.CURRENT)) {
          throw unsupported(version);
        }
      }
    }
  }

  private static void requireSame(String name, Optional<String> header, String value) {
    if (!header.equals(Optional.of(value))) {
      throw new RpcException(
          RpcException.HEADER_MISMATCH, "the header " + name + " must say what the body does");
    }
  }

  static RpcException unsupported(String version) {
    return new RpcException(
        RpcException.UNSUPPORTED_VERSION,
        "Unsupported protocol version",
        Map.of("supported", Revision.all(), "requested", version));
  }
}
