package dev.demur.serve.openai;

import dev.demur.serve.answer.Answering;
import dev.demur.serve.answer.Collected;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.answer.Usage;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.ErrorBody;
import dev.demur.serve.api.Json;
import dev.demur.serve.http.Exchange;
import dev.demur.serve.http.Route;
import dev.demur.serve.http.Route.Method;
import dev.demur.serve.openai.Wishes.Delivery;
import dev.demur.serve.registry.Treatments;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Answers OpenAI's clients.
///
/// @param model the model
/// @param treatments what requests can have done to it
public record OpenAi(ServedModel model, Treatments treatments) {

  /// What it answers.
  public List<Route> routes() {
    var models = new Models(model, treatments);
    return List.of(
        Route.of(Method.POST, "/v1/chat/completions", this::chat),
        Route.of(Method.POST, "/v1/completions", this::text),
        Route.of(Method.GET, "/v1/models", x -> x.send(models.list())),
        Route.of(Method.GET, "/v1/models/{+id}", x -> x.send(models.one(x.part("id")))),
        Route.of(Method.POST, "/tokenize", new Tokenizing(model)::tokenize),
        Route.of(Method.POST, "/detokenize", new Tokenizing(model)::detokenize));
  }

  private void chat(Exchange exchange) {
    var body = exchange.fields();
    var wanted = treatments.wanted(body);
    var request = ChatRequest.of(body, model);
    var writer =
        new ChatWriter(
            Stamp.of("chatcmpl", wanted.name()),
            treatments.done(wanted),
            model.chat().tokenizer(),
            wanted.telling());
    var answering = new Answering(model, request.ask(), treatments.run(wanted));
    answering.begin();
    exchange.watch();
    var delivery = request.wishes().delivery();
    if (!delivery.isStream()) {
      var collected = new Collected();
      var usage = answering.run(exchange::isGone, exchange.answerTime(), collected);
      exchange.send(writer.whole(collected.answers(), usage));
      return;
    }
    var out = exchange.stream("text/event-stream");
    streamed(
        out,
        answering::cancel,
        () -> {
          writer.openings(request.ask().answers()).forEach(chunk -> out.event(Json.write(chunk)));
          var usage =
              answering.run(
                  exchange::isGone,
                  exchange.answerTime(),
                  piece -> out.event(Json.write(writer.chunk(piece))));
          if (delivery == Delivery.STREAM_WITH_USAGE) {
            out.event(Json.write(writer.closing(usage)));
          }
          return usage;
        });
  }

  private void text(Exchange exchange) {
    var body = exchange.fields();
    var wanted = treatments.wanted(body);
    if (wanted.sides().size() > 1) {
      throw ApiException.invalid(
          "demur.compare",
          "demur.compare is for chats; ask for the unedited completion with a second request");
    }
    var request = TextRequest.of(body, model);
    var writer =
        new TextWriter(
            Stamp.of("cmpl", wanted.name()),
            treatments.done(wanted),
            model.chat().tokenizer(),
            request.echo(),
            wanted.telling());
    var queue = new TextQueue(model, request, treatments.run(wanted));
    queue.begin();
    exchange.watch();
    var delivery = request.wishes().delivery();
    if (!delivery.isStream()) {
      exchange.send(queue.whole(writer, exchange));
      return;
    }
    var out = exchange.stream("text/event-stream");
    streamed(
        out,
        queue::cancel,
        () -> {
          var usage = queue.each(writer, exchange, chunk -> out.event(Json.write(chunk)));
          if (delivery == Delivery.STREAM_WITH_USAGE) {
            out.event(Json.write(writer.closing(usage)));
          }
          return usage;
        });
  }

  /// A fault in the middle of a stream is told in it, because its status has been sent.
  private static void streamed(Exchange.Outlet out, Runnable cancel, Supplier<Usage> writing) {
    try {
      var _ = writing.get();
      out.event("[DONE]");
    } catch (ApiException e) {
      out.event(Json.write(Map.of("error", ErrorBody.of(e))));
      throw e;
    } finally {
      cancel.run();
    }
  }
}
