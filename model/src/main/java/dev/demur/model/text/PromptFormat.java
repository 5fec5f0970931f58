package dev.demur.model.text;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// Makes prompts: writes an instruction or a conversation down with the model's chat template,
/// tokenizes it as `apply_chat_template(…, tokenize=True)` of transformers does, and says what each
/// token belongs to.
///
/// The time templates may print is that of the moment this format was made, so that all prompts of
/// one run agree.
///
/// ```java
/// PromptFormat format = PromptFormat.of(tokenizer, template).with(options).withSystem("Be brief.");
/// Prompt prompt = format.format("Name three rivers.");
/// ```
public final class PromptFormat {

  /// Ends the text of a turn that is to be continued; cut off again after rendering.
  private static final String CUT = "CONTINUE_FINAL_MESSAGE_TAG ";

  /// Instructions that end in different ways: a token of the template may swallow the last
  /// character of some.
  private static final List<String> ENDINGS =
      List.of("Name a river.", "Why do cats purr?", "Count to ten", "Say 7", "Go on:", "(ok)");

  private final Tokenizer tokenizer;
  private final Optional<ChatTemplate> template;

  /// What to say when there is no template.
  private final ChatTemplateException problem;

  private final TemplateOptions options;
  private final Optional<String> system;

  /// Written after every prompt; empty for most.
  private final String opening;

  /// Longer prompts are refused.
  private final ContextLimit limit;

  private final Optional<PromptLayout> layout;

  private PromptFormat(
      Tokenizer tokenizer,
      Optional<ChatTemplate> template,
      ChatTemplateException problem,
      TemplateOptions options,
      Optional<String> system,
      String opening,
      ContextLimit limit) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.problem = problem;
    this.options = options.at(Clock.fixed(options.clock().instant(), options.clock().getZone()));
    this.system = system;
    this.opening = opening;
    this.limit = limit;
    this.layout = template.flatMap(t -> tryLayout(conversation(PromptLayout.probe())));
  }

  /// The format of a model.
  ///
  /// @param template source of the model's chat template. Without one, or with one that cannot be
  ///   read, only [#raw] works; the other methods then say why
  public static PromptFormat of(Tokenizer tokenizer, Optional<String> template) {
    TemplateOptions options = TemplateOptions.none().withDefaults(tokenizer.specialTokens());
    Optional<ChatTemplate> parsed = Optional.empty();
    ChatTemplateException problem = ChatTemplateException.missing();
    try {
      parsed = template.map(ChatTemplate::parse);
    } catch (ChatTemplateException e) {
      problem = e;
    }
    return new PromptFormat(
        tokenizer, parsed, problem, options, Optional.empty(), "", ContextLimit.none());
  }

  /// This format with further variables for the template, such as `enable_thinking`, or another
  /// clock. Special tokens keep their values unless set here.
  public PromptFormat with(TemplateOptions more) {
    return new PromptFormat(
        tokenizer,
        template,
        problem,
        more.withDefaults(tokenizer.specialTokens()),
        system,
        opening,
        limit);
  }

  /// This format with a system text before every instruction.
  public PromptFormat withSystem(String text) {
    return new PromptFormat(
        tokenizer, template, problem, options, Optional.of(text), opening, limit);
  }

  /// This format with the answer's first words written already, for example the end of a thinking
  /// block. They count to the end of the instruction.
  public PromptFormat withOpening(String text) {
    return new PromptFormat(tokenizer, template, problem, options, system, opening + text, limit);
  }

  /// This format for a model with this context: longer prompts are refused, by their first words.
  public PromptFormat within(ContextLimit context) {
    return new PromptFormat(tokenizer, template, problem, options, system, opening, context);
  }

  /// The longest prompt this format makes.
  public ContextLimit limit() {
    return limit;
  }

  /// The options the template is rendered with.
  public TemplateOptions options() {
    return options;
  }

  /// In what this format is not as the template writes by itself: variables, and what is written
  /// before the instruction and behind the prompt.
  ///
  /// @return texts by name; empty where nothing was changed
  public Map<String, String> changes() {
    var changes = new TreeMap<String, String>();
    options.variables().forEach((name, value) -> changes.put(name, String.valueOf(value)));
    tokenizer.specialTokens().forEach(changes::remove);
    system.ifPresent(text -> changes.put("system", text));
    if (!opening.isEmpty()) {
      changes.put("opening", opening);
    }
    return changes;
  }

  /// Whether there is a chat template that can be read.
  public boolean hasTemplate() {
    return template.isPresent();
  }

  /// The tokenizer.
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /// An instruction as the only user turn, up to where the assistant is to answer.
  ///
  /// @throws ChatTemplateException if there is no template or it refuses
  public Prompt format(String instruction) {
    return formatWithSuffix(instruction, "");
  }

  /// An instruction with a text directly after it in the same turn. A space between is the caller's
  /// to write.
  ///
  /// @throws ChatTemplateException if there is no template or it refuses
  public Prompt formatWithSuffix(String instruction, String suffix) {
    List<ChatMessage> messages = conversation(instruction + suffix);
    String text = renderForReply(messages);
    PromptLayout known = layout.orElseGet(() -> layoutOf(messages, this::renderForReply));
    return prompt(text, instruction, known.regions(text, instruction, suffix));
  }

  /// What the template writes before an instruction, the instruction, and `end` in place of what
  /// the template writes after it.
  ///
  /// @throws ChatTemplateException if there is no template or it refuses
  /// @throws IllegalArgumentException if the template does not write the instruction out
  public Prompt formatUpTo(String instruction, String end) {
    List<ChatMessage> messages = conversation(instruction);
    String text = renderForReply(messages);
    PromptLayout known = layout.orElseGet(() -> layoutOf(messages, this::renderForReply));
    List<Prompt.Region> regions = known.regions(text, instruction, "");
    int last = regions.lastIndexOf(Prompt.Region.INSTRUCTION) + 1;
    if (last == 0) {
      throw new IllegalArgumentException(
          "the chat template does not write the instruction out: " + instruction);
    }
    List<Prompt.Region> cut = new ArrayList<>(regions.subList(0, last));
    cut.addAll(Collections.nCopies(end.length(), Prompt.Region.EOI));
    return prompt(text.substring(0, last) + end, instruction, cut);
  }

  /// A conversation up to where the assistant is to answer. The instruction is the last user turn;
  /// the words of the turns before it count as template. The system text of this format is put in
  /// front unless the conversation brings its own.
  ///
  /// @throws ChatTemplateException if there is no template or it refuses
  /// @throws IllegalArgumentException if no turn is the user's
  public Prompt format(List<ChatMessage> messages) {
    return format(withSystem(messages), this::renderForReply);
  }

  /// A conversation whose last turn is the assistant's and is to be continued. What is already said
  /// in it counts to the end of the instruction.
  ///
  /// @throws ChatTemplateException if there is no template or it refuses
  /// @throws IllegalArgumentException if the last turn is not the assistant's, or the template does
  ///   not write it out
  public Prompt formatContinuing(List<ChatMessage> messages) {
    if (messages.isEmpty() || !messages.getLast().role().equals("assistant")) {
      throw new IllegalArgumentException("the last turn must be the assistant's to be continued");
    }
    return format(withSystem(messages), this::renderOpenEnded);
  }

  /// A conversation as text, exactly as it stands: no system text of this format, and the answer
  /// opened only where the last turn is the user's.
  ///
  /// @throws ChatTemplateException if there is no template or it refuses
  public String render(List<ChatMessage> messages) {
    return messages.getLast().role().equals("user")
        ? renderForReply(messages)
        : required().render(messages, options);
  }

  /// A text as it is, without template, with what the tokenizer puts around one (a BOS token, for
  /// most models). All of it is instruction.
  public Prompt raw(String text) {
    TokenIds tokens = tokenizer.encodeWithSpecialTokens(text);
    limit.requireReadable(text, tokens);
    TokenIds inner = tokenizer.encode(text);
    int start = Math.max(0, indexOf(tokens, inner));
    int end = Math.min(tokens.size(), start + inner.size());
    List<Prompt.Region> regions = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      regions.add(
          i < start
              ? Prompt.Region.TEMPLATE
              : i < end ? Prompt.Region.INSTRUCTION : Prompt.Region.EOI);
    }
    return new Prompt(text, text, tokens, regions);
  }

  /// The end-of-instruction tokens: what follows every instruction, up to and with the opening of
  /// the assistant's turn.
  ///
  /// @throws ChatTemplateException if there is no template or it refuses
  public TokenIds eoiTokens() {
    Optional<TokenIds> shared = Optional.empty();
    for (String instruction : ENDINGS) {
      TokenIds found = eoi(format(instruction));
      shared = Optional.of(shared.map(s -> commonSuffix(s, found)).orElse(found));
    }
    return shared.orElseThrow();
  }

  private static TokenIds eoi(Prompt prompt) {
    int first = prompt.regions().lastIndexOf(Prompt.Region.EOI) + 1;
    while (first > 0 && prompt.regions().get(first - 1) == Prompt.Region.EOI) {
      first--;
    }
    return prompt.tokens().slice(first, prompt.length());
  }

  private static TokenIds commonSuffix(TokenIds a, TokenIds b) {
    int length = Math.min(a.size(), b.size());
    int same = 0;
    while (same < length && a.fromEnd(-1 - same) == b.fromEnd(-1 - same)) {
      same++;
    }
    return a.slice(a.size() - same, a.size());
  }

  private static int indexOf(TokenIds all, TokenIds part) {
    return Collections.indexOfSubList(all.toList(), part.toList());
  }

  private List<ChatMessage> conversation(String instruction) {
    return withSystem(List.of(ChatMessage.user(instruction)));
  }

  private List<ChatMessage> withSystem(List<ChatMessage> messages) {
    boolean has = !messages.isEmpty() && messages.getFirst().role().equals("system");
    List<ChatMessage> all = new ArrayList<>(messages);
    if (!has) {
      system.ifPresent(text -> all.addFirst(ChatMessage.system(text)));
    }
    return all;
  }

  private Prompt format(List<ChatMessage> messages, UnaryConversation render) {
    int last = lastUser(messages);
    if (last < 0) {
      throw new IllegalArgumentException(
          "a conversation needs a user turn to find its instruction");
    }
    String instruction = messages.get(last).content();
    String text = render.apply(messages);
    return prompt(text, instruction, layoutOf(messages, render).regions(text, instruction, ""));
  }

  /// Writes a conversation down.
  private interface UnaryConversation {
    String apply(List<ChatMessage> messages);
  }

  private static int lastUser(List<ChatMessage> messages) {
    int last = messages.size() - 1;
    while (last >= 0 && !messages.get(last).role().equals("user")) {
      last--;
    }
    return last;
  }

  private Optional<PromptLayout> tryLayout(List<ChatMessage> messages) {
    try {
      return Optional.of(layoutOf(messages, this::renderForReply));
    } catch (ChatTemplateException e) {
      // The caller hears of it when a prompt is asked for.
      return Optional.empty();
    }
  }

  private static PromptLayout layoutOf(List<ChatMessage> messages, UnaryConversation render) {
    int last = lastUser(messages);
    UnaryOperator<String> byInstruction =
        words -> render.apply(replaced(messages, last, ChatMessage.user(words)));
    UnaryOperator<String> bySystem =
        words -> {
          List<ChatMessage> probe =
              replaced(messages, last, ChatMessage.user(PromptLayout.probe()));
          boolean has = probe.getFirst().role().equals("system");
          ChatMessage other = ChatMessage.system(words);
          if (has) {
            return render.apply(replaced(probe, 0, other));
          }
          probe.addFirst(other);
          return render.apply(probe);
        };
    return PromptLayout.of(byInstruction, bySystem);
  }

  private static List<ChatMessage> replaced(
      List<ChatMessage> messages, int index, ChatMessage message) {
    List<ChatMessage> changed = new ArrayList<>(messages);
    changed.set(index, message);
    return changed;
  }

  private String renderForReply(List<ChatMessage> messages) {
    return required().renderForReply(messages, options) + opening;
  }

  /// Source: `continue_final_message` in `chat_template_utils.py` of transformers.
  private String renderOpenEnded(List<ChatMessage> messages) {
    ChatMessage last = messages.getLast();
    ChatMessage marked = ChatMessage.assistant(last.content() + CUT);
    String text = required().render(replaced(messages, messages.size() - 1, marked), options);
    int cut = text.lastIndexOf(CUT.strip());
    if (cut < 0 || !text.contains(last.content().strip())) {
      throw new IllegalArgumentException(
          "the chat template does not write the last turn out, so it cannot be continued");
    }
    // A template that trims the turn has trimmed the mark too.
    return text.startsWith(CUT, cut)
        ? text.substring(0, cut)
        : text.substring(0, cut).stripTrailing();
  }

  private ChatTemplate required() {
    return template.orElseThrow(() -> problem);
  }

  private Prompt prompt(String text, String instruction, List<Prompt.Region> byCharacter) {
    TokenizedText tokenized = tokenizer.encodeWithSpans(text);
    limit.requireReadable(instruction, tokenized.tokens());
    List<Prompt.Region> regions = new ArrayList<>();
    for (TokenizedText.Span span : tokenized.spans()) {
      regions.add(region(span, byCharacter));
    }
    return new Prompt(instruction, text, tokenized.tokens(), regions);
  }

  /// A token over a border belongs to the instruction if it holds any of its characters.
  private static Prompt.Region region(TokenizedText.Span span, List<Prompt.Region> byCharacter) {
    if (byCharacter.isEmpty()) {
      return Prompt.Region.TEMPLATE;
    }
    int from = Math.min(span.from(), byCharacter.size() - 1);
    int to = Math.max(from + 1, Math.min(span.to(), byCharacter.size()));
    List<Prompt.Region> held = byCharacter.subList(from, to);
    for (Prompt.Region region :
        List.of(Prompt.Region.INSTRUCTION, Prompt.Region.SUFFIX, Prompt.Region.SYSTEM)) {
      if (held.contains(region)) {
        return region;
      }
    }
    return held.getFirst();
  }
}
