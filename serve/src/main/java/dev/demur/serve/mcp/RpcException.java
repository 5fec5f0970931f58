package dev.demur.serve.mcp;

import java.io.Serial;
import java.util.Map;

/// A message that is refused, as JSON-RPC has it.
final class RpcException extends RuntimeException {

  static final int INVALID_REQUEST = -32600;
  static final int METHOD_NOT_FOUND = -32601;
  static final int INVALID_PARAMS = -32602;
  static final int HEADER_MISMATCH = -32020;
  static final int UNSUPPORTED_VERSION = -32022;

  @Serial private static final long serialVersionUID = 1L;

  private final int code;
  private final transient Map<String, Object> data;

  RpcException(int code, String message) {
    this(code, message, Map.of());
  }

  /// @param data what a program may want to know of it
  RpcException(int code, String message, Map<String, Object> data) {
    super(message);
    this.code = code;
    this.data = Map.copyOf(data);
  }

  /// The error object.
  Map<String, Object> error() {
    String message = String.valueOf(getMessage());
    return data.isEmpty()
        ? Map.of("code", code, "message", message)
        : Map.of("code", code, "message", message, "data", data);
  }

  int code() {
    return code;
  }
}
