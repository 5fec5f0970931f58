package dev.demur.lab.trial;

import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// Text around an instruction, which then is the user's message.
///
/// @param name for tables
/// @param text with [#PROMPT] where the instruction goes, once
public record Wrap(String name, String text) {

  /// Stands for the instruction.
  public static final String PROMPT = "{prompt}";

  /// Texts that come with Demur: `intent` and `reverse` ask the model to think about intent and
  /// about misuse in five steps, in our own words; `refusals` shows it a few refusals; `neutral` is
  /// about as long as the first two and asks for nothing; `safety` stresses safety and no more.
  public static final List<String> BUILT_IN =
      List.of("intent", "neutral", "refusals", "reverse", "safety");

  private static final Wrap NONE = new Wrap("none", PROMPT);

  /// @throws IllegalArgumentException if the instruction's place is not named exactly once
  public Wrap {
    int first = text.indexOf(PROMPT);
    if (first < 0 || text.indexOf(PROMPT, first + 1) >= 0) {
      throw new IllegalArgumentException(
          "a wrapper names the instruction's place as "
              + PROMPT
              + " once; \""
              + name
              + "\" does not");
    }
  }

  /// Nothing around the instruction.
  public static Wrap none() {
    return NONE;
  }

  /// Whether there is nothing around the instruction.
  public boolean isNone() {
    return text.equals(PROMPT);
  }

  /// One of [#BUILT_IN].
  public static Wrap builtIn(String name) {
    try (InputStream in = Wrap.class.getResourceAsStream("wraps/" + name + ".txt")) {
      if (in == null) {
        throw new IllegalArgumentException(
            "no wrapper is called \"" + name + "\"; there are " + String.join(", ", BUILT_IN));
      }
      return new Wrap(name, new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The wrapper a file holds, called as the file is.
  public static Wrap read(Path file) throws IOException {
    return new Wrap(String.valueOf(file.getFileName()), RegularFile.text(file).strip());
  }

  /// The instruction with the text around it.
  public String around(String instruction) {
    return text.replace(PROMPT, instruction);
  }
}
