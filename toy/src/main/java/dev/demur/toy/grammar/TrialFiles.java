package dev.demur.toy.grammar;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// Writes the world as JSON lines, so that a trial in another language trains on exactly the same
/// text.
public final class TrialFiles {

  private static final JsonMapper JSON = new JsonMapper();

  private TrialFiles() {}

  /// Writes `examples.jsonl` (kind, prompt, thought, answer) and `held-out.jsonl` (every request of
  /// every part, with the answer, refusal and caution that would be right in form).
  ///
  /// @param folder created if need be
  /// @param each examples per kind and language
  public static void write(Path folder, int each, Seeds seeds) throws IOException {
    Files.createDirectories(folder);
    try (var out = Files.newBufferedWriter(folder.resolve("examples.jsonl"))) {
      for (Lexicon lexicon : List.of(Lexicon.english(), Lexicon.spanish())) {
        writeExamples(lexicon, each, seeds, out);
      }
    }
    try (var out = Files.newBufferedWriter(folder.resolve("held-out.jsonl"))) {
      for (Lexicon lexicon : List.of(Lexicon.english(), Lexicon.spanish())) {
        writeHeldOut(lexicon, out);
      }
      for (var set : new ThinkPrompts().files().entrySet()) {
        for (var line : set.getValue()) {
          writeLine(set.getKey(), line, out);
        }
      }
    }
  }

  private static void writeExamples(Lexicon lexicon, int each, Seeds seeds, BufferedWriter out)
      throws IOException {
    var maker = new ExampleMaker(lexicon);
    for (ExampleKind kind : ExampleKind.values()) {
      var random = seeds.forStage("trial/" + lexicon.language() + "/" + kind);
      for (int i = 0; i < each; i++) {
        Example example = maker.draw(kind, random);
        line(
            out,
            JSON.createObjectNode()
                .put("language", lexicon.language())
                .put("kind", kind.name())
                .put("prompt", example.prompt())
                .put("thought", example.thought())
                .put("answer", example.answer()));
      }
    }
  }

  private static void writeHeldOut(Lexicon lexicon, BufferedWriter out) throws IOException {
    var heldOut = new HeldOut(lexicon);
    for (Part part : Part.values()) {
      for (Leaning leaning : Leaning.values()) {
        for (Novelty novelty : Novelty.values()) {
          for (Request r : heldOut.requests(part, leaning, novelty, Integer.MAX_VALUE)) {
            writeRequest(lexicon, part + "/" + leaning + "/" + novelty, r, out);
          }
        }
      }
      for (var suffixed : heldOut.suffixed(part, Integer.MAX_VALUE)) {
        writeRequest(lexicon, part + "/SUFFIX/PLAIN", suffixed.plain(), out);
        writeRequest(lexicon, part + "/SUFFIX/OVERRIDE", suffixed.overridden(), out);
        writeRequest(lexicon, part + "/SUFFIX/NEUTRAL", suffixed.neutral(), out);
      }
    }
  }

  private static void writeRequest(Lexicon lexicon, String set, Request request, BufferedWriter out)
      throws IOException {
    line(
        out,
        JSON.createObjectNode()
            .put("language", lexicon.language())
            .put("set", set)
            .put("prompt", request.text())
            .put("task", request.task().text())
            .put("answer", lexicon.answer(request))
            .put("refusal", lexicon.refusal(request))
            .put("caution", lexicon.caution(request)));
  }

  private static void writeLine(String set, PromptLine line, BufferedWriter out)
      throws IOException {
    line(
        out,
        JSON.createObjectNode()
            .put("set", set)
            .put("prompt", line.instruction())
            .put("answer", line.answer()));
  }

  private static void line(BufferedWriter out, Object node) throws IOException {
    out.write(JSON.writeValueAsString(node));
    out.write('\n');
  }
}
