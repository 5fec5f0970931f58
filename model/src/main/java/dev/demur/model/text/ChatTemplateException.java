package dev.demur.model.text;

import dev.demur.model.remedy.ModelRemedy;
import dev.demur.model.remedy.Remedied;
import dev.demur.model.remedy.Remedy;
import java.io.Serial;
import java.util.List;

/// A chat template that cannot be read, or that refuses the conversation it is given (many
/// templates do, for instance when roles do not alternate). The message is one line and names the
/// template's line.
public final class ChatTemplateException extends IllegalArgumentException implements Remedied {

  @Serial private static final long serialVersionUID = 1L;

  private final int line;
  private final transient List<Remedy> remedies;

  ChatTemplateException(int line, String problem, Throwable cause) {
    super((line > 0 ? "chat template, line " + line : "chat template") + ": " + problem, cause);
    this.line = line;
    this.remedies = List.of();
  }

  private ChatTemplateException(String message, List<Remedy> remedies) {
    super(message);
    this.line = 0;
    this.remedies = remedies;
  }

  static ChatTemplateException missing() {
    return new ChatTemplateException(
        "the model has no chat template: pass texts as they are, or use a model or folder"
            + " with chat_template.jinja or a template in tokenizer_config.json",
        List.of(ModelRemedy.PASS_RAW_TEXT));
  }

  @Override
  public List<Remedy> remedies() {
    return remedies;
  }

  /// Line of the template, from 1; 0 when unknown.
  public int line() {
    return line;
  }
}
