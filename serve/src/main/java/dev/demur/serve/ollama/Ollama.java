package dev.demur.serve.ollama;

import dev.demur.serve.answer.Answering;
import dev.demur.serve.answer.Collected;
import dev.demur.serve.answer.Piece;
import dev.demur.serve.answer.Seen;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.Json;
import dev.demur.serve.http.Exchange;
import dev.demur.serve.http.Route;
import dev.demur.serve.http.Route.Method;
import dev.demur.serve.ollama.LineWriter.Kind;
import dev.demur.serve.ollama.OllamaRequest.Delivery;
import dev.demur.serve.registry.Treatments;
import dev.demur.serve.registry.Treatments.Telling;
import dev.demur.serve.registry.Treatments.Wanted;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Answers Ollama's clients.
///
/// @param model the model
/// @param treatments what requests can have done to it
public record Ollama(ServedModel model, Treatments treatments) {

  /// What it answers.
  public List<Route> routes() {
    return List.of(
        Route.of(Method.POST, "/api/chat", this::chat).forOllama(),
        Route.of(Method.POST, "/api/generate", this::generate).forOllama(),
        Route.of(Method.GET, "/api/tags", x -> x.send(tags())).forOllama());
  }

  /// The models there are.
  record Tags(List<Tag> models) {}

  /// A model.
  ///
  /// @param name as it is asked for
  /// @param model the same
  /// @param modifiedAt when the server began, ISO 8601
  /// @param size bytes of its files, which nobody here needs to know: 0
  /// @param digest SHA-256 of the weights
  record Tag(String name, String model, String modifiedAt, long size, String digest) {}

  private Tags tags() {
    return new Tags(
        treatments.modelNames().stream()
            .map(name -> new Tag(name, name, model.since().toString(), 0, model.weightsSha256()))
            .toList());
  }

  private void chat(Exchange exchange) {
    var body = exchange.fields();
    answer(exchange, treatments.wanted(body), OllamaRequest.chat(body, model), Kind.CHAT);
  }

  private void generate(Exchange exchange) {
    var body = exchange.fields();
    answer(exchange, treatments.wanted(body), OllamaRequest.generate(body, model), Kind.TEXT);
  }

  private void answer(Exchange exchange, Wanted wanted, OllamaRequest request, Kind kind) {
    long start = System.nanoTime();
    var writer = new LineWriter(wanted.name(), kind, treatments.done(wanted));
    var answering = new Answering(model, request.ask(), treatments.run(wanted).treatedOnly());
    answering.begin();
    exchange.watch();
    var collected = new Collected();
    if (request.delivery() == Delivery.WHOLE) {
      var usage = answering.run(exchange::isGone, exchange.answerTime(), collected);
      var whole = collected.answers().getFirst();
      exchange.send(writer.closing(whole, usage, System.nanoTime() - start, told(wanted, whole)));
      return;
    }
    var out = exchange.stream("application/x-ndjson");
    try {
      var usage =
          answering.run(
              exchange::isGone,
              exchange.answerTime(),
              piece -> {
                collected.accept(piece);
                if (!piece.text().isEmpty() || !piece.reasoning().isEmpty()) {
                  out.write(Json.write(writer.line(piece)) + "\n");
                }
              });
      var whole = collected.answers().getFirst();
      var rest = new Piece(whole.lane(), "", "", List.of(), whole.finish(), whole.seen());
      out.write(
          Json.write(writer.closing(rest, usage, System.nanoTime() - start, told(wanted, whole)))
              + "\n");
    } catch (ApiException e) {
      out.write(Json.write(Map.of("error", e.text())) + "\n");
      throw e;
    } finally {
      answering.cancel();
    }
  }

  private static Optional<Seen> told(Wanted wanted, Piece whole) {
    return wanted.telling() == Telling.TOLD ? whole.seen() : Optional.empty();
  }
}
