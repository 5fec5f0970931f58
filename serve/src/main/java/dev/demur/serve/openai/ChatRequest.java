package dev.demur.serve.openai;

import dev.demur.serve.answer.Ask;
import dev.demur.serve.answer.Chats;
import dev.demur.serve.answer.Prompts;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.Fields;
import java.util.OptionalInt;

/// A chat completion that was asked for.
///
/// @param ask the conversation, as the chat template has it, and what is wanted of it
/// @param wishes how it is written and sent
record ChatRequest(Ask ask, Wishes wishes) {

  static ChatRequest of(Fields body, ServedModel model) {
    var wishes = Wishes.of(body, model.chat().config().dVocab());
    var prompt = Chats.prompt(body, model);
    int room = Prompts.room(prompt.tokens(), model, "messages");
    var most = body.whole("max_completion_tokens", 1, Integer.MAX_VALUE);
    if (most.isEmpty()) {
      most = body.whole("max_tokens", 1, Integer.MAX_VALUE);
    }
    return new ChatRequest(
        new Ask(
            prompt,
            wishes.answers(),
            Math.min(most.orElse(room), room),
            wishes.sampling(),
            wishes.stops(),
            likeliest(body),
            Ask.Prompting.SILENT,
            Chats.thinking(body, prompt)),
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
}
