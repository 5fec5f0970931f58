package dev.demur.lab.explain;

import dev.demur.model.text.Prompt;
import java.util.List;
import java.util.stream.Stream;

/// The same instructions as a chat model and its base get them.
///
/// @param condition `harmful`, `plain` (only those that are refused) or `harmless`
record BasePrompts(String condition, List<Prompt> chat, List<Prompt> base) {

  BasePrompts {
    chat = List.copyOf(chat);
    base = List.copyOf(base);
  }

  List<String> texts() {
    return Stream.concat(chat.stream(), base.stream()).map(Prompt::text).toList();
  }
}
