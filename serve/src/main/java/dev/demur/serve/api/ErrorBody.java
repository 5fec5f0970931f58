package dev.demur.serve.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/// An error as OpenAI writes it.
///
/// @param message one line
/// @param type kind of error
/// @param param field it is about
/// @param code short name
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ErrorBody(
    String message, String type, Optional<String> param, Optional<String> code) {

  /// The error of a refusal.
  public static ErrorBody of(ApiException refused) {
    return new ErrorBody(
        refused.text(), refused.reason().type(), refused.param(), refused.reason().code());
  }
}
