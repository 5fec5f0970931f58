package dev.demur.app.command.chat;

import dev.demur.app.cli.Terminal;
import dev.demur.model.Reply;
import dev.demur.model.generate.Completion;
import java.util.LinkedHashMap;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.json.JsonMapper;

/// Prints what a model answers.
///
/// @param terminal where to
/// @param form for whom
record Answers(Terminal terminal, Form form) {

  /// How an answer is printed.
  enum Form {
    /// As it is written.
    TEXT,
    /// A line of JSON when it is finished.
    JSON
  }

  /// Answers a message for as long as it is told to go on, and the reader is there.
  void answer(Conversation talk, String message, BooleanSupplier goesOn) {
    var out = terminal.out();
    var reply =
        talk.answer(
            message,
            piece -> {
              if (form == Form.TEXT) {
                out.print(piece);
                out.flush();
              }
              return goesOn.getAsBoolean() && !out.checkError();
            });
    if (form == Form.JSON) {
      var line = new LinkedHashMap<String, Object>();
      line.put("prompt", message);
      line.put("steering", talk.policy().toString());
      put(line, "", reply);
      out.println(JsonMapper.shared().writeValueAsString(line));
      return;
    }
    out.println();
    if (!goesOn.getAsBoolean()) {
      terminal.note("stopped");
    } else if (reply.end() == Completion.End.LENGTH) {
      terminal.note("cut after " + reply.tokens().size() + " tokens (--max-new-tokens)");
    }
  }

  /// Prints two answers to one question, the unedited model's first.
  void both(Conversation.Both replies) {
    if (form == Form.JSON) {
      var line = new LinkedHashMap<String, Object>();
      put(line, "unedited_", replies.unedited());
      put(line, "steered_", replies.steered());
      terminal.out().println(JsonMapper.shared().writeValueAsString(line));
      return;
    }
    terminal.out().println("unedited: " + replies.unedited().text().strip());
    terminal.out().println("steered:  " + replies.steered().text().strip());
  }

  private static void put(LinkedHashMap<String, Object> line, String of, Reply reply) {
    line.put(of + "reply", reply.text());
    line.put(of + "tokens", reply.tokens().size());
    line.put(of + "finished", reply.end() == Completion.End.STOP);
  }
}
