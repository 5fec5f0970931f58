package dev.demur.serve.answer;

import dev.demur.lab.study.Prompting;
import dev.demur.model.text.ChatMessage;
import dev.demur.model.text.Prompt;
import dev.demur.model.text.TemplateOptions;
import dev.demur.serve.answer.Ask.Thinking;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.Fields;
import java.util.ArrayList;
import java.util.List;

/// Reads conversations as OpenAI's clients send them, and writes them down with the model's chat
/// template.
public final class Chats {

  private static final int MOST_MESSAGES = 4096;

  private Chats() {}

  /// The prompt of the fields `messages` and `chat_template_kwargs`. Where `continue_final_message`
  /// is set, the last turn is the assistant's and is written on.
  ///
  /// @throws ApiException if a message is none, or the template refuses the conversation
  public static Prompt prompt(Fields body, ServedModel model) {
    var messages = messages(body);
    var format = model.chat().prompts();
    var variables = body.values("chat_template_kwargs");
    if (!variables.isEmpty()) {
      TemplateOptions options = format.options();
      for (var variable : variables.entrySet()) {
        options = options.with(variable.getKey(), variable.getValue());
      }
      format = format.with(options);
    }
    try {
      return body.isOn("continue_final_message")
          ? format.formatContinuing(messages)
          : format.format(messages);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid("messages", String.valueOf(e.getMessage()));
    }
  }

  /// Whether the answer to a prompt of this body begins within a thought: the template has opened
  /// one, or the turn that is written on has and does not close it.
  public static Thinking thinking(Fields body, Prompt prompt) {
    String last = body.isOn("continue_final_message") ? messages(body).getLast().content() : "";
    boolean isOpened =
        Thoughts.areOpened(prompt)
            || last.lastIndexOf(Prompting.OPEN) > last.lastIndexOf(Prompting.CLOSE);
    return isOpened ? Thinking.OPEN : Thinking.SPLIT;
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
}
