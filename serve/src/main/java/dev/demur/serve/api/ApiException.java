package dev.demur.serve.api;

import java.io.Serial;
import java.util.Optional;
import java.util.OptionalInt;

/// A request that is refused. Every interface writes it in its clients' form.
public final class ApiException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final String param;
  private final int seconds;

  /// Why a request is refused.
  public enum Reason {
    /// A field is not as it must be.
    INVALID(400, "invalid_request_error", ""),
    /// There is no or a wrong key.
    KEY(401, "authentication_error", "invalid_api_key"),
    /// The request comes from a page of another origin, or under a foreign name.
    ORIGIN(403, "permission_error", "foreign_origin"),
    /// There is nothing under this path.
    PATH(404, "invalid_request_error", "unknown_url"),
    /// There is something under this path, but not for this method.
    METHOD(405, "invalid_request_error", "method_not_allowed"),
    /// No model has this name.
    MODEL(404, "invalid_request_error", "model_not_found"),
    /// The body is too large.
    SIZE(413, "invalid_request_error", "body_too_large"),
    /// More requests than one address may send, or than wait.
    RATE(429, "rate_limit_error", "rate_limit_exceeded"),
    /// A fault of the server.
    FAULT(500, "server_error", "fault"),
    /// The server is going down.
    CLOSING(503, "server_error", "closing");

    private final int status;
    private final String type;
    private final String code;

    Reason(int status, String type, String code) {
      this.status = status;
      this.type = type;
      this.code = code;
    }

    /// The HTTP status.
    public int status() {
      return status;
    }

    /// OpenAI's word for the kind of error.
    public String type() {
      return type;
    }

    /// OpenAI's short name of the error, where there is one.
    public Optional<String> code() {
      return code.isEmpty() ? Optional.empty() : Optional.of(code);
    }
  }

  private ApiException(Reason reason, String message, String param, int seconds) {
    super(message);
    this.reason = reason;
    this.param = param;
    this.seconds = seconds;
  }

  /// A refusal that is about no field.
  public ApiException(Reason reason, String message) {
    this(reason, message, "", 0);
  }

  /// A field that is not as it must be.
  ///
  /// @param param name of the field, such as `messages[0].content`
  public static ApiException invalid(String param, String message) {
    return new ApiException(Reason.INVALID, message, param, 0);
  }

  /// Too many requests for now.
  ///
  /// @param seconds after which another try makes sense
  public static ApiException later(String message, int seconds) {
    return new ApiException(Reason.RATE, message, "", seconds);
  }

  public Reason reason() {
    return reason;
  }

  /// One line for the client.
  public String text() {
    return String.valueOf(getMessage());
  }

  /// The field it is about.
  public Optional<String> param() {
    return param.isEmpty() ? Optional.empty() : Optional.of(param);
  }

  /// When to try again.
  public OptionalInt retryAfter() {
    return seconds == 0 ? OptionalInt.empty() : OptionalInt.of(seconds);
  }
}
