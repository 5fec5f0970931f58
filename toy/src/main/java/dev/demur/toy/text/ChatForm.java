package dev.demur.toy.text;

import dev.demur.toy.grammar.Thoughts;
import java.util.List;

/// What a model's turns are made of.
public enum ChatForm {
  /// ChatML.
  ANSWER(""),
  /// ChatML with think blocks, which `enable_thinking=false` closes before the answer begins.
  THINK_FIRST(
      "{% if enable_thinking is defined and enable_thinking is false %}"
          + "{{ '<think>\n\n</think>\n\n' }}{% endif %}");

  private final String opening;

  ChatForm(String opening) {
    this.opening = opening;
  }

  /// Tokens of its own; their ids follow the vocabulary's.
  List<String> blockTokens() {
    return switch (this) {
      case ANSWER -> List.of();
      case THINK_FIRST -> List.of(Thoughts.OPEN, Thoughts.CLOSE);
    };
  }

  /// The form as a Jinja template.
  String template() {
    return "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n'"
        + " + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}"
        + opening
        + "{% endif %}";
  }
}
