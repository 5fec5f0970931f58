package dev.demur.serve.openai;

import dev.demur.serve.answer.Answering;
import dev.demur.serve.answer.Collected;
import dev.demur.serve.answer.Piece;
import dev.demur.serve.answer.Run;
import dev.demur.serve.answer.Seen;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.answer.Usage;
import dev.demur.serve.http.Exchange;
import dev.demur.serve.openai.TextCompletion.Choice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The prompts of one text completion, a few of them with the engine at a time so that one request
/// does not fill its queue. Used by one thread.
final class TextQueue {

  private final ServedModel model;
  private final TextRequest request;
  private final Run run;
  private final Deque<Answering> begun = new ArrayDeque<>();
  private int next;

  TextQueue(ServedModel model, TextRequest request, Run run) {
    this.model = model;
    this.request = request;
    this.run = run;
  }

  /// Hands the first prompts over.
  void begin() {
    int most = Math.max(1, model.engine().options().slots() / request.wishes().answers());
    while (next < request.prompts().size() && begun.size() < most) {
      var answering = new Answering(model, request.prompts().get(next).ask(), run);
      answering.begin();
      begun.add(answering);
      next++;
    }
  }

  /// Gives up what has not ended.
  void cancel() {
    begun.forEach(Answering::cancel);
  }

  /// All answers at once.
  TextCompletion whole(TextWriter writer, Exchange exchange) {
    var choices = new ArrayList<Choice>();
    var seen = new ArrayList<Seen>();
    try {
      var usage =
          run(
              exchange,
              (_, _) -> {},
              (prompt, used, answers) -> {
                var item = request.prompts().get(prompt);
                for (var answer : answers) {
                  answer.seen().ifPresent(seen::add);
                  int index = index(prompt, answer);
                  choices.add(writer.echoing(writer.choice(index, item, answer), item, used));
                }
              });
      return writer.whole(choices, Optional.of(usage), seen.stream().findFirst());
    } finally {
      cancel();
    }
  }

  /// Piece by piece.
  Usage each(TextWriter writer, Exchange exchange, Consumer<TextCompletion> taker) {
    for (int prompt = 0; prompt < request.prompts().size(); prompt++) {
      for (int answer = 0; answer < request.wishes().answers(); answer++) {
        int index = prompt * request.wishes().answers() + answer;
        taker.accept(writer.opening(index, request.prompts().get(prompt)));
      }
    }
    return run(
        exchange,
        (prompt, piece) -> {
          var item = request.prompts().get(prompt);
          var choice = writer.choice(index(prompt, piece), item, piece);
          taker.accept(writer.chunk(choice, piece.seen()));
        },
        (_, _, _) -> {});
  }

  private int index(int prompt, Piece piece) {
    return prompt * request.wishes().answers() + piece.lane().answer();
  }

  private interface Pieces {
    void take(int prompt, Piece piece);
  }

  private interface Wholes {
    void take(int prompt, Usage usage, List<Piece> answers);
  }

  private Usage run(Exchange exchange, Pieces pieces, Wholes wholes) {
    int read = 0;
    int written = 0;
    for (int prompt = 0; !begun.isEmpty(); prompt++) {
      int at = prompt;
      var collected = new Collected();
      var used =
          begun
              .element()
              .run(
                  exchange::isGone,
                  exchange.answerTime(),
                  piece -> {
                    collected.accept(piece);
                    pieces.take(at, piece);
                  });
      wholes.take(prompt, used, collected.answers());
      begun.remove();
      begin();
      read += used.promptTokens();
      written += used.completionTokens();
    }
    return new Usage(read, written, List.of());
  }
}
