package dev.demur.model.text.tokens;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.TokenizerFiles;
import dev.demur.model.text.TokenIds;
import dev.demur.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Runs crafted tokenizers in a process of their own, one after the other: `HostileCase NAME…`.
/// Prints for each how it ended.
public final class HostileCase {

  private static final String LLAMA3 = Documents.PATTERNS.get(1);

  private static final int SPACES = 11_000_000;

  private HostileCase() {}

  public static void main(String[] arguments) throws IOException {
    for (String name : arguments) {
      System.out.print(name + ": ");
      System.out.flush(); // before what may end the process
      System.out.println(ended(name));
    }
  }

  private static String ended(String name) throws IOException {
    Path file = Files.createTempFile("tokenizer", ".json");
    Files.writeString(file, document(name).toString());
    var files = new TokenizerFiles.HuggingFace(file, JsonNodeFactory.instance.objectNode());
    try (Tokenizer tokenizer = Tokenizer.of(files)) {
      TokenIds ids = tokenizer.encode(text(name));
      return "tokens " + ids.size() + " " + tokenizer.decode(ids).length();
    } catch (ModelFormatException | IllegalArgumentException e) {
      return "refused " + e.getMessage();
    } finally {
      Files.delete(file);
    }
  }

  private static ObjectNode document(String name) {
    ObjectNode document = Documents.bytes();
    document.set("decoder", Documents.typed("ByteFallback"));
    switch (name) {
      case "exploding-regex" ->
          document.set("pre_tokenizer", Documents.split("(a+)+$", "Isolated", false));
      case "nested-brackets" ->
          document.set(
              "pre_tokenizer",
              Documents.split("(".repeat(3000) + "a" + ")".repeat(3000), "Isolated", false));
      case "empty-match" -> document.set("normalizer", Documents.replace("Regex", "(?=a)", "x"));
      case "word-edge" -> document.set("normalizer", Documents.replace("Regex", "\\b", "é"));
      case "empty-prepend" ->
          document.set("normalizer", Documents.typed("Prepend").put("prepend", ""));
      case "run-of-spaces" ->
          document.set("pre_tokenizer", Documents.split(LLAMA3, "Isolated", false));
      case "growing-normalizer" ->
          document.set("normalizer", Documents.sequence("normalizers", growing()));
      case "growing-decoder" -> document.set("decoder", Documents.sequence("decoders", growing()));
      default -> throw new IllegalArgumentException(name);
    }
    return document;
  }

  private static List<ObjectNode> growing() {
    return Collections.nCopies(20, Documents.replace("Regex", "[a<]", "a".repeat(30)));
  }

  private static String text(String name) {
    return name.equals("run-of-spaces")
        ? "a" + " ".repeat(SPACES) + "b"
        : "hi " + "a".repeat(40) + "b";
  }
}
