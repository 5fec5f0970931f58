package dev.demur.serve.openai;

import dev.demur.model.text.Tokenizer;
import dev.demur.serve.answer.Lane.Side;
import dev.demur.serve.answer.Piece;
import dev.demur.serve.answer.Piece.Finish;
import dev.demur.serve.answer.Seen;
import dev.demur.serve.answer.Token;
import dev.demur.serve.answer.Usage;
import dev.demur.serve.openai.ChatCompletion.Choice;
import dev.demur.serve.openai.ChatCompletion.Message;
import dev.demur.serve.openai.ChatCompletion.Tokens;
import dev.demur.serve.registry.Done;
import dev.demur.serve.registry.Treatments.Telling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Writes pieces of chat answers as OpenAI's objects: chunks of a stream, or one whole.
///
/// @param stamp what all of them share
/// @param done what was done to the model
/// @param tokenizer of the model
/// @param telling whether the client hears what the monitor saw
record ChatWriter(Stamp stamp, Done done, Tokenizer tokenizer, Telling telling) {

  private static final Optional<String> ASSISTANT = Optional.of("assistant");

  /// Opens each answer.
  List<ChatCompletion> openings(int answers) {
    var all = new ArrayList<ChatCompletion>();
    for (int answer = 0; answer < answers; answer++) {
      var message = new Message(ASSISTANT, Optional.of(""), Optional.empty());
      all.add(
          chunk(
              List.of(choice(answer, message, List.of(), Optional.empty())),
              answer == 0 ? Optional.of(beside(List.of(), Optional.empty())) : Optional.empty(),
              Optional.empty()));
    }
    return all;
  }

  /// One piece.
  ChatCompletion chunk(Piece piece) {
    if (piece.lane().side() == Side.UNEDITED) {
      return chunk(
          List.of(),
          Optional.of(new Beside(Optional.empty(), List.of(unedited(piece)), Optional.empty())),
          Optional.empty());
    }
    var message = new Message(Optional.empty(), filled(piece.text()), filled(piece.reasoning()));
    return chunk(
        List.of(choice(piece.lane().answer(), message, piece.tokens(), piece.finish())),
        told(piece).map(seen -> new Beside(Optional.empty(), List.of(), Optional.of(seen))),
        Optional.empty());
  }

  /// The last chunk of a stream with usage.
  ChatCompletion closing(Usage usage) {
    return chunk(List.of(), Optional.empty(), Optional.of(Tokens.of(usage)));
  }

  private ChatCompletion chunk(
      List<Choice> choices, Optional<Beside> beside, Optional<Tokens> usage) {
    return new ChatCompletion(
        stamp.id(),
        "chat.completion.chunk",
        stamp.created(),
        stamp.model(),
        choices,
        usage,
        beside);
  }

  private Choice choice(int index, Message delta, List<Token> tokens, Optional<Finish> finish) {
    return new Choice(
        index,
        Optional.empty(),
        Optional.of(delta),
        ChatLogprobs.of(tokens, tokenizer),
        word(finish),
        Readings.of(tokens, tokenizer));
  }

  /// All of it at once.
  ///
  /// @param answers pieces of each answer, in order, put together
  ChatCompletion whole(List<Piece> answers, Usage usage) {
    var choices = new ArrayList<Choice>();
    var unedited = new ArrayList<Beside.Unedited>();
    for (var answer : answers) {
      if (answer.lane().side() == Side.UNEDITED) {
        unedited.add(unedited(answer));
        continue;
      }
      choices.add(
          new Choice(
              answer.lane().answer(),
              Optional.of(
                  new Message(ASSISTANT, Optional.of(answer.text()), filled(answer.reasoning()))),
              Optional.empty(),
              ChatLogprobs.of(answer.tokens(), tokenizer),
              word(answer.finish()),
              Readings.of(answer.tokens(), tokenizer)));
    }
    return new ChatCompletion(
        stamp.id(),
        "chat.completion",
        stamp.created(),
        stamp.model(),
        choices,
        Optional.of(Tokens.of(usage)),
        Optional.of(beside(unedited, answers.stream().flatMap(a -> told(a).stream()).findFirst())));
  }

  private Beside.Unedited unedited(Piece piece) {
    return new Beside.Unedited(
        piece.lane().answer(),
        piece.text(),
        filled(piece.reasoning()),
        word(piece.finish()),
        ChatLogprobs.of(piece.tokens(), tokenizer),
        Readings.of(piece.tokens(), tokenizer));
  }

  private Beside beside(List<Beside.Unedited> unedited, Optional<Seen> seen) {
    return new Beside(Optional.of(done), unedited, seen);
  }

  private Optional<Seen> told(Piece piece) {
    return telling == Telling.TOLD ? piece.seen() : Optional.empty();
  }

  static Optional<String> word(Optional<Finish> finish) {
    return finish.map(f -> f.name().toLowerCase(Locale.ROOT));
  }

  private static Optional<String> filled(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }
}
