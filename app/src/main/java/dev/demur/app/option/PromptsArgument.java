package dev.demur.app.option;

import dev.demur.lab.prompts.PromptReader;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file of prompts, for which the embedded model has prompts of its own.
public final class PromptsArgument {

  private PromptsArgument() {}

  /// Reads it.
  ///
  /// @param file what was given, if anything
  /// @param option that gives it, for the message
  /// @param usual the embedded model's own, as `splits/harmful_train`
  /// @param demo whether those stand in for a file that is not given
  /// @throws IllegalArgumentException if there are no prompts
  public static PromptSet read(@Nullable Path file, String option, String usual, boolean demo)
      throws IOException {
    if (file == null && !demo) {
      throw new IllegalArgumentException("no prompts for " + option + "; give it a file");
    }
    return PromptReader.usual().read(file == null ? DemoModel.prompts(usual) : file);
  }
}
