package dev.demur.serve.openai;

import dev.demur.model.text.Prompt;
import dev.demur.model.text.TokenIds;
import dev.demur.serve.answer.Ask;
import dev.demur.serve.answer.Ask.Prompting;
import dev.demur.serve.answer.Ask.Thinking;
import dev.demur.serve.answer.Prompts;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.Fields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/// A text completion that was asked for: one or several prompts, as texts or as tokens.
///
/// @param prompts what each is
/// @param echo whether the answer begins with the prompt
/// @param wishes how they are written and sent
record TextRequest(List<Item> prompts, Echo echo, Wishes wishes) {

  private static final int MOST_PROMPTS = 1024;
  private static final int USUAL_TOKENS = 16;

  /// What an answer begins with.
  enum Echo {
    NOTHING,
    PROMPT
  }

  /// One prompt.
  ///
  /// @param text of the prompt
  /// @param ask what is wanted of it
  record Item(String text, Ask ask) {}

  static TextRequest of(Fields body, ServedModel model) {
    var wishes = Wishes.of(body, model.chat().config().dVocab());
    var echo = body.isOn("echo") ? Echo.PROMPT : Echo.NOTHING;
    var likeliest =
        body.has("logprobs")
            ? OptionalInt.of(Wishes.alternatives(body, "logprobs"))
            : OptionalInt.empty();
    boolean scores = echo == Echo.PROMPT && likeliest.isPresent();
    int most = body.whole("max_tokens", scores ? 0 : 1, Integer.MAX_VALUE).orElse(USUAL_TOKENS);
    var items = new ArrayList<Item>();
    for (var prompt : prompts(body, model)) {
      int room =
          most == 0
              ? readable(prompt.tokens(), model)
              : Prompts.room(prompt.tokens(), model, "prompt");
      items.add(
          new Item(
              prompt.text(),
              new Ask(
                  prompt,
                  wishes.answers(),
                  Math.min(most, room),
                  wishes.sampling(),
                  wishes.stops(),
                  likeliest,
                  scores ? Prompting.LIKELIHOODS : Prompting.SILENT,
                  Thinking.TEXT)));
    }
    return new TextRequest(List.copyOf(items), echo, wishes);
  }

  /// Nothing is written, so the prompt may fill the context.
  private static int readable(TokenIds prompt, ServedModel model) {
    if (prompt.isEmpty() || prompt.size() > model.context()) {
      throw ApiException.invalid(
          "prompt",
          "the prompt must have 1 to " + model.context() + " tokens, has " + prompt.size());
    }
    return 0;
  }

  private static List<Prompt> prompts(Fields body, ServedModel model) {
    var prompt = body.value("prompt").orElseThrow(() -> body.missing("prompt"));
    if (!prompt.isArray()) {
      return List.of(given(prompt, model).orElseThrow(TextRequest::wrong));
    }
    if (prompt.isEmpty() || (prompt.size() > MOST_PROMPTS && !prompt.get(0).isNumber())) {
      throw wrong();
    }
    if (prompt.get(0).isNumber()) {
      return List.of(given(prompt, model).orElseThrow(TextRequest::wrong));
    }
    var all = new ArrayList<Prompt>();
    prompt.forEach(each -> all.add(given(each, model).orElseThrow(TextRequest::wrong)));
    return all;
  }

  /// A text, or the ids of one.
  private static Optional<Prompt> given(JsonNode prompt, ServedModel model) {
    var tokenizer = model.chat().tokenizer();
    if (prompt.isString()) {
      return Optional.of(model.chat().prompts().raw(prompt.asString()));
    }
    if (!prompt.isArray()) {
      return Optional.empty();
    }
    var ids = new ArrayList<Integer>();
    for (var id : prompt) {
      if (!id.isIntegralNumber() || !id.canConvertToInt() || id.asInt() < 0) {
        return Optional.empty();
      }
      if (id.asInt() >= tokenizer.size()) {
        throw ApiException.invalid(
            "prompt", "token ids must be 0 to " + (tokenizer.size() - 1) + ", was " + id.asInt());
      }
      ids.add(id.asInt());
    }
    var tokens = TokenIds.of(ids);
    String text = tokenizer.decodeWithSpecialTokens(tokens);
    var regions = Collections.nCopies(tokens.size(), Prompt.Region.INSTRUCTION);
    return Optional.of(new Prompt(text, text, tokens, regions));
  }

  private static ApiException wrong() {
    return ApiException.invalid(
        "prompt",
        "prompt must be a text, a list of token ids, or a list of at most "
            + MOST_PROMPTS
            + " of either");
  }
}
