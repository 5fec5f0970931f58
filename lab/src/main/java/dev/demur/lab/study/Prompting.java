package dev.demur.lab.study;

import dev.demur.lab.LabRemedy;
import dev.demur.lab.judge.Answer;
import dev.demur.model.ChatModel;
import dev.demur.model.remedy.RequestException;
import dev.demur.model.text.PromptFormat;
import dev.demur.model.text.TemplateOptions;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// How instructions are put to the model.
///
/// @param system text before every instruction, when there is one
/// @param thinking whether the model is to think before it answers
/// @param variables further variables of the chat template, by name
public record Prompting(
    Optional<String> system, Thinking thinking, SortedMap<String, String> variables) {

  /// The template's switch for thinking.
  public enum Thinking {
    /// As the template does when it is told nothing.
    TEMPLATE,
    ON,
    OFF;

    /// The name in flags and reports: `template`, `on`, `off`.
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What opens a thought.
  public static final String OPEN = "<think>";

  /// What closes it.
  public static final String CLOSE = "</think>";

  private static final String CLOSING = "\n" + CLOSE + "\n\n";
  private static final String PROBE = "Name a river.";

  public Prompting {
    variables = Collections.unmodifiableSortedMap(new TreeMap<>(variables));
  }

  /// No system text, the template's own way with thinking.
  public static Prompting usual() {
    return new Prompting(Optional.empty(), Thinking.TEMPLATE, new TreeMap<>());
  }

  /// This with another system text, or none.
  public Prompting withSystem(Optional<String> text) {
    return new Prompting(text, thinking, variables);
  }

  /// This with thinking on, off, or left to the template.
  public Prompting withThinking(Thinking mode) {
    return new Prompting(system, mode, variables);
  }

  /// How one study writes prompts.
  ///
  /// @param answering for completions
  /// @param scoring for everything read at the end of a prompt: as `answering`, but where the model
  ///   would think first, an empty thinking block is closed before the answer begins
  /// @param block where the answer's thinking stands
  record Formats(PromptFormat answering, PromptFormat scoring, Block block) {

    /// What the model says after it has thought.
    Answer answer(String completion) {
      return switch (block) {
        case OPEN -> Answer.ofOpened(completion);
        case CLOSED, UNKNOWN -> Answer.of(completion);
      };
    }
  }

  /// What the end of a prompt says of thinking.
  public enum Block {
    /// A block is open: whatever comes is thinking.
    OPEN,
    /// A block is closed: the answer comes.
    CLOSED,
    /// Nothing.
    UNKNOWN;

    /// What a format says of it.
    public static Block of(PromptFormat format) {
      String tail = tail(format);
      int open = tail.lastIndexOf(Prompting.OPEN);
      int close = tail.lastIndexOf(CLOSE);
      return open > close ? OPEN : close >= 0 ? CLOSED : UNKNOWN;
    }
  }

  /// The model with prompts that end where its answer begins: where it would think first, behind an
  /// empty block. What is read at the end of a prompt is read there.
  ///
  /// @throws IllegalArgumentException if thinking is to be switched and the template has no switch
  public ChatModel answeringAtOnce(ChatModel model) {
    return model.withPrompts(formats(model.prompts()).scoring());
  }

  /// The formats this asks for.
  ///
  /// @param format of the model
  /// @throws IllegalArgumentException if thinking is to be switched and the template has no switch
  Formats formats(PromptFormat format) {
    var answering = at(format, thinking);
    if (!format.hasTemplate()) {
      return new Formats(answering, answering, Block.UNKNOWN);
    }
    var block = Block.of(answering);
    if (block == Block.OPEN && thinking == Thinking.OFF) { // no switch, so it is closed by hand
      var closed = answering.withOpening(CLOSING);
      return new Formats(closed, closed, Block.CLOSED);
    }
    boolean thinks = thinks(format, block);
    var scoring =
        switch (block) {
          case OPEN -> answering.withOpening(CLOSING);
          case CLOSED -> answering;
          case UNKNOWN -> thinks ? answering.withOpening(OPEN + "\n" + CLOSING) : answering;
        };
    return new Formats(answering, scoring, block);
  }

  private boolean thinks(PromptFormat format, Block block) {
    boolean switched =
        !tail(at(format, Thinking.ON)).equals(tail(at(format, Thinking.OFF)))
            || block != Block.UNKNOWN;
    return switch (thinking) {
      case ON, OFF -> {
        if (!switched) {
          throw new RequestException(
              "this model's chat template reads neither enable_thinking nor thinking, so thinking"
                  + " cannot be switched "
                  + thinking.text()
                  + "; leave the switch out, or set the template's own variable",
              List.of(LabRemedy.SET_TEMPLATE_VARIABLE));
        }
        yield thinking == Thinking.ON;
      }
      // A template that only writes a block when thinking is off belongs to a model that thinks.
      case TEMPLATE -> Block.of(at(format, Thinking.OFF)) == Block.CLOSED;
    };
  }

  private PromptFormat at(PromptFormat format, Thinking mode) {
    var options = TemplateOptions.none().at(format.options().clock());
    for (var variable : variables.entrySet()) {
      options = options.with(variable.getKey(), value(variable.getValue()));
    }
    if (mode != Thinking.TEMPLATE) {
      boolean on = mode == Thinking.ON;
      options = options.with("enable_thinking", on).with("thinking", on);
    }
    var changed = format.with(options);
    return system.isPresent() ? changed.withSystem(system.get()) : changed;
  }

  /// Templates compare with true and false, not with their names.
  private static Object value(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> text;
    };
  }

  /// What follows the instruction.
  private static String tail(PromptFormat format) {
    String text = format.format(PROBE).text();
    return text.substring(Math.max(0, text.lastIndexOf(PROBE)));
  }

  /// The variables as a map for hashing and reports.
  Map<String, String> facts() {
    var facts = new TreeMap<>(variables);
    facts.put("thinking", thinking.text());
    facts.put("system", system.orElse(""));
    return facts;
  }
}
