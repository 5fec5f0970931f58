package dev.demur.serve.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// JSON as it goes over the wire: names in snake case, absent values left out.
public final class Json {

  /// Objects within objects; OpenAI's deepest body has six.
  private static final int DEEPEST = 64;

  /// Digits of one number.
  private static final int LONGEST_NUMBER = 64;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNumberLength(LONGEST_NUMBER)
                          .build())
                  .build())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .changeDefaultPropertyInclusion(
              inclusion ->
                  inclusion.withValueInclusion(
                      com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT))
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /// Reads a body.
  ///
  /// @throws ApiException if it is not UTF-8, not JSON, not an object, or too deep
  public static Fields read(byte[] body) {
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      return Fields.of(MAPPER.readTree(text));
    } catch (CharacterCodingException e) {
      throw new ApiException(ApiException.Reason.INVALID, "the body is not UTF-8");
    } catch (JacksonException e) {
      throw new ApiException(
          ApiException.Reason.INVALID,
          "the body is not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""));
    }
  }

  /// A value as JSON on one line.
  public static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }
}
