package dev.demur.serve.openai;

import dev.demur.model.ChatModel;
import dev.demur.model.text.ChatMessage;
import dev.demur.model.text.Prompt;
import dev.demur.model.text.TemplateOptions;
import dev.demur.serve.answer.Ask;
import dev.demur.serve.answer.Ask.Thinking;
import dev.demur.serve.answer.Prompts;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A chat completion that was asked for.
///
/// @param prompt the conversation, as the chat template has it
/// @param ask what is wanted of it
/// @param wishes how it is written and sent
record ChatRequest(Prompt prompt, Ask ask, Wishes wishes) {

  private static final int MOST_MESSAGES = 4096;
  private static final String OPENED = "<think>";

  static ChatRequest of(Fields body, ServedModel model) {
    var wishes = Wishes.of(body, model.chat().config().dVocab());
    var prompt = prompt(model.chat(), messages(body), body.values("chat_template_kwargs"));
    int room = Prompts.room(prompt.tokens(), model, "messages");
    var most = body.whole("max_completion_tokens", 1, Integer.MAX_VALUE);
    if (most.isEmpty()) {
      most = body.whole("max_tokens", 1, Integer.MAX_VALUE);
    }
    return new ChatRequest(
        prompt,
        new Ask(
            prompt.tokens(),
            wishes.answers(),
            Math.min(most.orElse(room), room),
            wishes.sampling(),
            wishes.stops(),
            likeliest(body),
            Ask.Prompting.SILENT,
            prompt.text().stripTrailing().endsWith(OPENED) ? Thinking.OPEN : Thinking.SPLIT),
        wishes);
  }

  private static OptionalInt likeliest(Fields body) {
    int alternatives = Wishes.alternatives(body, "top_logprobs");
    if (!body.isOn("logprobs")) {
      if (alternatives > 0) {
        throw ApiException.invalid("top_logprobs", "top_logprobs needs logprobs: true");
      }
      return OptionalInt.empty();
    }
    return OptionalInt.of(alternatives);
  }

  private static List<ChatMessage> messages(Fields body) {
    var messages = new ArrayList<ChatMessage>();
    for (var message : body.objects("messages", MOST_MESSAGES)) {
      messages.add(new ChatMessage(role(message), content(message)));
    }
    return messages;
  }

  private static String role(Fields message) {
    String role = message.requireText("role");
    return switch (role) {
      case "system", "developer" -> "system";
      case "user", "assistant" -> role;
      default ->
          throw ApiException.invalid(
              message.name("role"),
              message.name("role") + " must be system, developer, user or assistant");
    };
  }

  /// A text, or parts that are texts.
  private static String content(Fields message) {
    if (message.value("content").filter(v -> v.isArray()).isEmpty()) {
      return message.requireText("content");
    }
    var text = new StringBuilder();
    for (var part : message.objects("content", MOST_MESSAGES)) {
      if (!part.requireText("type").equals("text")) {
        throw ApiException.invalid(part.name("type"), "this model reads text only");
      }
      text.append(part.requireText("text"));
    }
    return text.toString();
  }

  private static Prompt prompt(
      ChatModel chat, List<ChatMessage> messages, Map<String, @Nullable Object> variables) {
    var format = chat.prompts();
    if (!variables.isEmpty()) {
      TemplateOptions options = format.options();
      for (var variable : variables.entrySet()) {
        options = options.with(variable.getKey(), variable.getValue());
      }
      format = format.with(options);
    }
    try {
      return format.format(messages);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid("messages", String.valueOf(e.getMessage()));
    }
  }
}
