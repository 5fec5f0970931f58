package dev.demur.serve.ollama;

import dev.demur.model.text.ChatMessage;
import dev.demur.model.text.Prompt;
import dev.demur.serve.answer.Ask;
import dev.demur.serve.answer.Ask.Prompting;
import dev.demur.serve.answer.Ask.Thinking;
import dev.demur.serve.answer.Chats;
import dev.demur.serve.answer.Prompts;
import dev.demur.serve.answer.Sampling;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;

/// An answer that was asked for in Ollama's words.
///
/// @param ask what is wanted
/// @param delivery how it is sent
record OllamaRequest(Ask ask, Delivery delivery) {

  private static final double USUAL_TEMPERATURE = 0.8;
  private static final double USUAL_TOP_P = 0.9;
  private static final double MOST_TEMPERATURE = 100;
  private static final int MOST_STOPS = 4;

  /// How an answer is sent.
  enum Delivery {
    WHOLE,
    STREAM
  }

  static OllamaRequest chat(Fields body, ServedModel model) {
    return of(body, Chats.prompt(body, model), model);
  }

  /// `raw` takes the prompt as it is; otherwise it is the user's turn.
  static OllamaRequest generate(Fields body, ServedModel model) {
    String words = body.text("prompt").orElse("");
    var prompts = model.chat().prompts();
    if (body.isOn("raw") || !prompts.hasTemplate()) {
      return of(body, prompts.raw(words), model);
    }
    var messages = new ArrayList<ChatMessage>();
    body.text("system").map(ChatMessage::system).ifPresent(messages::add);
    messages.add(ChatMessage.user(words));
    return of(body, prompts.format(messages), model);
  }

  private static OllamaRequest of(Fields body, Prompt prompt, ServedModel model) {
    refuse(body);
    var options = body.object("options");
    int room = Prompts.room(prompt.tokens(), model, "prompt");
    int wanted = options.whole("num_predict", -2, Integer.MAX_VALUE).orElse(-1);
    boolean isStream = !body.has("stream") || body.isOn("stream");
    return new OllamaRequest(
        new Ask(
            prompt,
            1,
            wanted < 1 ? room : Math.min(wanted, room),
            sampling(options),
            options.texts("stop", MOST_STOPS),
            OptionalInt.empty(),
            Prompting.SILENT,
            Thinking.SPLIT),
        isStream ? Delivery.STREAM : Delivery.WHOLE);
  }

  private static void refuse(Fields body) {
    for (String field : List.of("tools", "images")) {
      if (!body.list(field, Integer.MAX_VALUE).isEmpty()) {
        throw ApiException.invalid(field, field + " are not known to this server; leave them out");
      }
    }
    if (body.value("format").filter(v -> !v.isString() || !v.asString().isEmpty()).isPresent()) {
      throw ApiException.invalid("format", "this server writes text only; leave format out");
    }
  }

  private static Sampling sampling(Fields options) {
    double topP = options.number("top_p", USUAL_TOP_P, 0, 1);
    return new Sampling(
        topP == 0 ? 0 : options.number("temperature", USUAL_TEMPERATURE, 0, MOST_TEMPERATURE),
        topP == 0 ? 1 : topP,
        options.large("seed").orElseGet(() -> ThreadLocalRandom.current().nextLong()),
        Map.of(),
        options.number("presence_penalty", 0, -2, 2),
        options.number("frequency_penalty", 0, -2, 2));
  }
}
