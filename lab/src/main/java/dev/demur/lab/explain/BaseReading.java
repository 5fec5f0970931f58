package dev.demur.lab.explain;

import dev.demur.model.ChatModel;
import java.util.List;

/// How a chat model and its base are given the same instructions, so that their streams can be
/// compared. Both are read at the last token.
public enum BaseReading {
  /// As in the paper: the base gets the instruction and a newline; the chat model the same after
  /// what its template writes before an instruction. Neither sees the template's end, whose tokens
  /// a base was not trained on. All prompts are read, refused or not.
  ///
  /// Source: Arditi et al. 2024, appendix J.
  NEWLINE,
  /// Both get the chat model's whole template. Refused prompts only.
  TEMPLATE;

  private static final String NEW_LINE = "\n";

  /// Instructions as both models get them.
  BasePrompts pose(String condition, List<String> instructions, ChatModel chat, ChatModel base) {
    return switch (this) {
      case NEWLINE ->
          new BasePrompts(
              condition,
              instructions.stream().map(i -> chat.prompts().formatUpTo(i, NEW_LINE)).toList(),
              instructions.stream().map(i -> base.prompts().raw(i + NEW_LINE)).toList());
      case TEMPLATE -> {
        var prompts = instructions.stream().map(chat::prompt).toList();
        yield new BasePrompts(condition, prompts, prompts);
      }
    };
  }
}
