package dev.demur.serve.openai;

import dev.demur.model.text.TokenIds;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.http.Exchange;
import java.util.ArrayList;
import java.util.List;

/// Texts to tokens and back, as llama.cpp's server and vLLM have it.
///
/// @param model whose tokens
record Tokenizing(ServedModel model) {

  /// @param tokens ids
  /// @param count how many
  /// @param maxModelLen tokens of a prompt and its answer
  record Tokens(List<Integer> tokens, int count, int maxModelLen) {}

  /// @param content the text
  /// @param prompt the text, as vLLM calls it
  record Text(String content, String prompt) {}

  void tokenize(Exchange exchange) {
    var body = exchange.fields();
    String text =
        body.text("content")
            .or(() -> body.text("prompt"))
            .orElseThrow(() -> body.missing("content"));
    var tokenizer = model.chat().tokenizer();
    boolean bare = body.has("add_special") && !body.isOn("add_special");
    var ids = bare ? tokenizer.encode(text) : tokenizer.encodeWithSpecialTokens(text);
    exchange.send(new Tokens(ids.toList(), ids.size(), model.context()));
  }

  void detokenize(Exchange exchange) {
    var body = exchange.fields();
    var ids = new ArrayList<Integer>();
    for (var id : body.list("tokens", Integer.MAX_VALUE)) {
      if (!id.isIntegralNumber() || !id.canConvertToInt() || id.asInt() < 0) {
        throw ApiException.invalid("tokens", "tokens must be ids");
      }
      ids.add(id.asInt());
    }
    String text = model.chat().tokenizer().decodeWithSpecialTokens(TokenIds.of(ids));
    exchange.send(new Text(text, text));
  }
}
