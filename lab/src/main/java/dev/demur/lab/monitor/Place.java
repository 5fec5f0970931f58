package dev.demur.lab.monitor;

import dev.demur.model.text.Prompt;
import dev.demur.model.text.Prompt.Region;

/// Where in a prompt a probe reads.
public enum Place {
  /// The last token of the user's words, a suffix included.
  LAST_INSTRUCTION,
  /// The last token of the prompt, from which the answer is written.
  LAST;

  /// Index of the token in a prompt, from its start.
  public int in(Prompt prompt) {
    int last = prompt.length() - 1;
    return switch (this) {
      case LAST -> last;
      case LAST_INSTRUCTION -> {
        int words =
            Math.max(
                prompt.regions().lastIndexOf(Region.INSTRUCTION),
                prompt.regions().lastIndexOf(Region.SUFFIX));
        yield words < 0 ? last : words;
      }
    };
  }
}
