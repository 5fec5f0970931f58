package dev.demur.serve.openai;

import dev.demur.model.text.Tokenizer;
import dev.demur.serve.answer.Piece;
import dev.demur.serve.answer.Seen;
import dev.demur.serve.answer.Usage;
import dev.demur.serve.openai.ChatCompletion.Tokens;
import dev.demur.serve.openai.TextCompletion.Choice;
import dev.demur.serve.openai.TextRequest.Echo;
import dev.demur.serve.openai.TextRequest.Item;
import dev.demur.serve.registry.Done;
import dev.demur.serve.registry.Treatments.Telling;
import java.util.List;
import java.util.Optional;

/// Writes pieces of text completions as OpenAI's objects.
///
/// @param stamp what all of them share
/// @param done what was done to the model
/// @param tokenizer of the model
/// @param echo whether answers begin with the prompt
/// @param telling whether the client hears what the monitor saw
record TextWriter(Stamp stamp, Done done, Tokenizer tokenizer, Echo echo, Telling telling) {

  /// An answer, or a piece of one.
  ///
  /// @param index its number among all answers
  /// @param item its prompt
  Choice choice(int index, Item item, Piece piece) {
    return new Choice(
        index,
        piece.text(),
        TextLogprobs.of(piece.tokens(), echoed(item).length(), tokenizer),
        ChatWriter.word(piece.finish()),
        Readings.of(piece.tokens(), tokenizer));
  }

  /// A prompt before its answer.
  ///
  /// @param answer written after it
  Choice echoing(Choice answer, Item item, Usage usage) {
    if (echo == Echo.NOTHING) {
      return answer;
    }
    var logprobs = answer.logprobs();
    if (item.ask().likeliest().isPresent()) {
      var all = TextLogprobs.ofPrompt(item.ask().prompt().tokens(), usage.prompt(), tokenizer);
      logprobs = Optional.of(logprobs.map(all::plus).orElse(all));
    }
    return new Choice(
        answer.index(),
        item.text() + answer.text(),
        logprobs,
        answer.finishReason(),
        answer.demur());
  }

  /// What a stream begins an answer with.
  TextCompletion opening(int index, Item item) {
    var choice =
        new Choice(index, echoed(item), Optional.empty(), Optional.empty(), Optional.empty());
    return index == 0
        ? whole(List.of(choice), Optional.empty(), Optional.empty())
        : chunk(choice, Optional.empty());
  }

  private String echoed(Item item) {
    return echo == Echo.PROMPT ? item.text() : "";
  }

  /// All answers.
  ///
  /// @param seen what the monitor saw of the first prompt
  TextCompletion whole(List<Choice> choices, Optional<Usage> usage, Optional<Seen> seen) {
    return completion(
        choices, usage, Optional.of(new Beside(Optional.of(done), List.of(), told(seen))));
  }

  /// A piece of an answer.
  TextCompletion chunk(Choice choice, Optional<Seen> seen) {
    return completion(
        List.of(choice),
        Optional.empty(),
        told(seen).map(s -> new Beside(Optional.empty(), List.of(), Optional.of(s))));
  }

  private Optional<Seen> told(Optional<Seen> seen) {
    return telling == Telling.TOLD ? seen : Optional.empty();
  }

  /// The last chunk of a stream with usage.
  TextCompletion closing(Usage usage) {
    return completion(List.of(), Optional.of(usage), Optional.empty());
  }

  private TextCompletion completion(
      List<Choice> choices, Optional<Usage> usage, Optional<Beside> beside) {
    return new TextCompletion(
        stamp.id(),
        "text_completion",
        stamp.created(),
        stamp.model(),
        choices,
        usage.map(Tokens::of),
        beside);
  }
}
