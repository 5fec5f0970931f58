package dev.demur.app.command.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.demur.app.cli.Failure;
import dev.demur.app.cli.PrintedJson;
import dev.demur.app.cli.Similar;
import dev.demur.app.cli.Terminal;
import dev.demur.app.option.DirectionArgument;
import dev.demur.lab.direction.Operation;
import dev.demur.lab.policy.Policy;
import dev.demur.model.local.Readers;
import dev.demur.model.local.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/// A person talking to a model: lines are messages, and commands where they begin with `/`.
///
/// @param terminal answers go to its output, everything else to its messages
/// @param talk what is said
/// @param output prints answers
record Dialogue(Terminal terminal, Conversation talk, Answers output) {

  /// What a line may ask for instead of an answer.
  private enum Command {
    HELP("", "this list"),
    QUIT("", "end the chat (also: Ctrl-D)"),
    RESET("", "forget what was said"),
    SYSTEM("[TEXT]", "put a system message first, or none"),
    ABLATE("[DIRECTION]", "remove a direction; without one: stop steering"),
    ADD("DIRECTION [C]", "add C times a direction (default: 1)"),
    COEFFICIENT("C", "change the factor of what is added"),
    COMPARE("[TEXT]", "unedited beside steered, from one batch"),
    SAVE("FILE", "write the conversation as JSON");

    private final String arguments;
    private final String does;

    Command(String arguments, String does) {
      this.arguments = arguments;
      this.does = does;
    }

    String word() {
      return "/" + name().toLowerCase(Locale.ROOT);
    }

    private static List<String> words() {
      return Arrays.stream(values()).map(Command::word).toList();
    }

    private static Command named(String word) {
      return Arrays.stream(values())
          .filter(command -> command.word().equals(word))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "there is no "
                          + word
                          + Similar.nearest(word, words().stream())
                              .map(near -> "; did you mean " + near + "?")
                              .orElse("")
                          + " (/help; a blank before the / sends it to the model)"));
    }
  }

  /// Goes on until the lines end or somebody quits.
  void run() throws IOException {
    terminal.note(talk.model().name() + ": " + steering());
    terminal.note("/help lists commands; Ctrl-C ends an answer, Ctrl-D the chat");
    var lines = Lines.of(terminal, Command.words());
    for (var line = lines.next(); line.isPresent(); line = lines.next()) {
      String text = line.get();
      if (text.stripTrailing().equals(Command.QUIT.word())) {
        return;
      }
      if (!text.isBlank()) {
        attempt(text, lines);
      }
    }
  }

  /// A failure ends the line, not the conversation.
  private void attempt(String line, Lines lines) {
    try {
      if (line.startsWith("/")) {
        obey(line.strip(), lines);
      } else {
        lines.interruptible(goesOn -> output.answer(talk, line.strip(), goesOn));
      }
    } catch (CancellationException _) {
      terminal.note("stopped");
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      terminal.say(Failure.of(e).message());
    }
  }

  private void obey(String line, Lines lines) throws IOException {
    int blank = line.indexOf(' ');
    String word = blank < 0 ? line : line.substring(0, blank);
    var argument = Optional.of(line.substring(word.length()).strip()).filter(a -> !a.isEmpty());
    switch (Command.named(word)) {
      case HELP -> help();
      case QUIT -> throw new IllegalArgumentException("/quit takes nothing after it");
      case RESET -> {
        talk.reset();
        terminal.note("the conversation is forgotten");
      }
      case SYSTEM -> {
        talk.instruct(argument);
        terminal.note(argument.isPresent() ? "the system message is set" : "no system message");
      }
      case ABLATE -> steer(argument.isPresent() ? ablation(argument.get()) : Policy.none());
      case ADD -> steer(addition(needed(argument, Command.ADD)));
      case COEFFICIENT -> steer(scaled(number(needed(argument, Command.COEFFICIENT))));
      case COMPARE -> lines.interruptible(goesOn -> output.both(talk.compare(argument, goesOn)));
      case SAVE -> save(Path.of(needed(argument, Command.SAVE)));
    }
  }

  private void help() {
    for (var command : Command.values()) {
      String typed = (command.word() + " " + command.arguments).strip();
      terminal.err().printf("  %-21s%s%n", typed, command.does);
    }
  }

  private static String needed(Optional<String> argument, Command command) {
    return argument.orElseThrow(
        () ->
            new IllegalArgumentException(
                "something is missing: " + command.word() + " " + command.arguments));
  }

  private void steer(Policy policy) {
    talk.steer(policy);
    terminal.note(steering());
  }

  private String steering() {
    return talk.policy().isNone() ? "unedited" : "steered: " + talk.policy().description();
  }

  private Policy ablation(String direction) throws IOException {
    return Policy.ablation(
        new DirectionArgument(Path.of(direction))
            .readFor(Operation.ABLATION, talk.model(), terminal));
  }

  private Policy addition(String argument) throws IOException {
    int blank = argument.lastIndexOf(' ');
    String last = argument.substring(blank + 1);
    boolean scaled = blank > 0 && last.matches("[+-]?[0-9.]+");
    String direction = scaled ? argument.substring(0, blank).strip() : argument;
    return Policy.addition(
        new DirectionArgument(Path.of(direction))
            .readFor(Operation.ADDITION, talk.model(), terminal),
        scaled ? number(last) : 1);
  }

  private Policy scaled(double coefficient) {
    return talk.policy()
        .adding(coefficient)
        .orElseThrow(
            () -> new IllegalArgumentException("nothing is added yet; begin with /add DIRECTION"));
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\" is no number", e);
    }
  }

  /// Only the owner may read what was said.
  private void save(Path file) throws IOException {
    if (Files.exists(file)) {
      throw new IllegalArgumentException(file + ": exists already; choose another name");
    }
    var all = new LinkedHashMap<String, Object>();
    all.put("model", talk.model().name());
    all.put("steering", talk.policy().toString());
    all.put("messages", talk.messages());
    WholeFile.write(file, PrintedJson.of(all).getBytes(UTF_8), Readers.OWNER);
    terminal.note("the conversation is in " + file);
  }
}
