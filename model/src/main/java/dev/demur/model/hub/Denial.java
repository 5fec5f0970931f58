package dev.demur.model.hub;

import java.net.URI;
import java.util.Locale;

/// Turns an answer that is not a success into one line that says what to do.
///
/// @param subject what was asked for, for people: a model, or a file of one
/// @param page where a person can see it
/// @param token whether a token was sent
record Denial(String subject, URI page, TokenSent token) {

  /// Whether the server knew who asks.
  enum TokenSent {
    YES,
    NO
  }

  HubException of(Reply reply) {
    String code = reply.errorCode();
    return new HubException(
        switch (reply.status()) {
          case 401 -> unknown();
          case 403 -> forbidden(code);
          case 404 -> missing(code);
          case 429 ->
              subject + ": the hub limits the rate of requests (429); try again in some minutes";
          default -> {
            String said = Reply.words(reply.header("X-Error-Message").orElse(""));
            yield String.format(
                Locale.ROOT,
                "%s: %s answered %d%s; try again later",
                subject,
                hostOf(reply),
                reply.status(),
                said.isEmpty() ? "" : " (" + said + ")");
          }
        });
  }

  private static String hostOf(Reply reply) {
    return reply.uri().getHost();
  }

  /// The hub answers 401 for what is private, gated and misspelt alike.
  private String unknown() {
    return switch (token) {
      case NO ->
          subject
              + ": not found, private or gated (401); check the spelling, or set HF_TOKEN to a"
              + " token that may read it";
      case YES ->
          subject
              + ": not found, or not for the token that is set (401); check the spelling, and"
              + " HF_TOKEN or the token file";
    };
  }

  private String forbidden(String code) {
    if (code.equals("GatedRepo")) {
      return subject
          + ": gated (403); accept its conditions at "
          + Origin.shown(page)
          + ", then pull with HF_TOKEN of that account";
    }
    return subject + ": the token that is set may not read it (403); look at " + Origin.shown(page);
  }

  private String missing(String code) {
    return switch (code) {
      case "RevisionNotFound" ->
          subject + ": has no such revision (404); see the branches at " + Origin.shown(page);
      case "EntryNotFound" -> subject + ": has no such file (404); see " + Origin.shown(page);
      default -> subject + ": not found (404); check the spelling at " + Origin.shown(page);
    };
  }
}
