package dev.demur.serve.openai;

import dev.demur.model.generate.Request;
import dev.demur.serve.answer.Sampling;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/// Fields that chat and text completions share.
///
/// @param answers how many
/// @param sampling how tokens are chosen
/// @param stops texts that end an answer
/// @param delivery how the answer is sent
record Wishes(int answers, Sampling sampling, List<String> stops, Delivery delivery) {

  private static final int MOST_ANSWERS = 16;
  private static final int MOST_STOPS = 4;
  private static final double MOST_TEMPERATURE = 2;
  private static final double MOST_PENALTY = 2;
  private static final double MOST_BIAS = 100;
  private static final int MOST_BIASES = 1024;

  /// How an answer is sent.
  enum Delivery {
    WHOLE,
    STREAM,
    /// A stream whose last chunk tells the usage.
    STREAM_WITH_USAGE;

    boolean isStream() {
      return this != WHOLE;
    }
  }

  static Wishes of(Fields body, int vocabulary) {
    refuseTools(body);
    var stops = body.texts("stop", MOST_STOPS);
    if (stops.contains("")) {
      throw ApiException.invalid("stop", "a stop text must not be empty");
    }
    return new Wishes(
        body.whole("n", 1, MOST_ANSWERS).orElse(1),
        sampling(body, vocabulary),
        stops,
        delivery(body));
  }

  private static Sampling sampling(Fields body, int vocabulary) {
    double topP = body.number("top_p", 1, 0, 1);
    return new Sampling(
        topP == 0 ? 0 : body.number("temperature", 1, 0, MOST_TEMPERATURE),
        topP == 0 ? 1 : topP,
        body.large("seed").orElseGet(() -> ThreadLocalRandom.current().nextLong()),
        bias(body, vocabulary),
        body.number("presence_penalty", 0, -MOST_PENALTY, MOST_PENALTY),
        body.number("frequency_penalty", 0, -MOST_PENALTY, MOST_PENALTY));
  }

  private static Map<Integer, Double> bias(Fields body, int vocabulary) {
    var given = body.object("logit_bias");
    var bias = new LinkedHashMap<Integer, Double>();
    for (String id : given.node().propertyNames()) {
      if (!id.matches("\\d{1,9}") || Integer.parseInt(id) >= vocabulary) {
        throw ApiException.invalid(
            given.name(id), "logit_bias names tokens by id, 0 to " + (vocabulary - 1));
      }
      bias.put(Integer.parseInt(id), given.number(id, 0, -MOST_BIAS, MOST_BIAS));
    }
    if (bias.size() > MOST_BIASES) {
      throw ApiException.invalid("logit_bias", "logit_bias has more than " + MOST_BIASES + " ids");
    }
    return bias;
  }

  private static Delivery delivery(Fields body) {
    if (!body.isOn("stream")) {
      return Delivery.WHOLE;
    }
    return body.object("stream_options").isOn("include_usage")
        ? Delivery.STREAM_WITH_USAGE
        : Delivery.STREAM;
  }

  /// Tools and JSON mode would be ignored silently, and the client would wait for what never comes.
  private static void refuseTools(Fields body) {
    for (String field : List.of("tools", "functions")) {
      if (!body.list(field, Integer.MAX_VALUE).isEmpty()) {
        throw ApiException.invalid(field, "this server calls no tools; leave " + field + " out");
      }
    }
    String format = body.object("response_format").text("type").orElse("text");
    if (!format.equals("text")) {
      throw ApiException.invalid(
          "response_format", "only response_format text is known, not " + format);
    }
  }

  /// Checks a number of alternatives.
  static int alternatives(Fields body, String field) {
    return body.whole(field, 0, Math.min(20, Request.MOST_LIKELIEST)).orElse(0);
  }
}
