package dev.demur.serve.http;

import java.io.IOException;

/// One path of an interface.
///
/// @param method GET, POST or DELETE
/// @param path with parts in braces: `/v1/models/{id}`; `{+id}` takes slashes too
/// @param dialect whose errors its clients read
/// @param openness whom it is for
/// @param endpoint answers
public record Route(
    Method method, String path, Dialect dialect, Openness openness, Endpoint endpoint) {

  /// How it is asked.
  public enum Method {
    GET,
    POST
  }

  /// How errors look.
  public enum Dialect {
    /// An object `error` with message, type, param and code.
    OPENAI,
    /// A text `error`.
    OLLAMA,
    /// An object `error` with code and message, as JSON-RPC has it.
    MCP
  }

  /// Who may ask without the key.
  public enum Openness {
    /// Nobody.
    NEEDS_KEY,
    /// Everyone.
    OPEN
  }

  /// Answers requests.
  @FunctionalInterface
  public interface Endpoint {

    /// Answers one request, on its own thread.
    void answer(Exchange exchange) throws IOException;
  }

  /// A path of OpenAI's kind that needs the key.
  public static Route of(Method method, String path, Endpoint endpoint) {
    return new Route(method, path, Dialect.OPENAI, Openness.NEEDS_KEY, endpoint);
  }

  /// The same for everyone.
  public Route open() {
    return new Route(method, path, dialect, Openness.OPEN, endpoint);
  }

  /// The same for Ollama's clients.
  public Route forOllama() {
    return new Route(method, path, Dialect.OLLAMA, openness, endpoint);
  }

  /// The same for clients of the Model Context Protocol.
  public Route forMcp() {
    return new Route(method, path, Dialect.MCP, openness, endpoint);
  }
}
