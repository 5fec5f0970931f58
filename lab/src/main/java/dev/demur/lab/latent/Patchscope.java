package dev.demur.lab.latent;

import java.util.List;
import java.util.OptionalInt;

/// A forced choice: the stream of a prompt's token is put into another prompt, in place of the
/// stream of that one's, and the model is asked which of two readings follows.
///
/// @param layers whose resid_pre is read, each a question of its own
/// @param into layer whose resid_pre it replaces; empty means the layer it was read from
/// @param text the other prompt
/// @param presented how the model is given that prompt
/// @param token whose stream is read, and replaced
/// @param harmless the reading that thinks well of the prompt, as text that follows
/// @param harmful the reading that thinks ill of it
public record Patchscope(
    List<Integer> layers,
    OptionalInt into,
    String text,
    Presented presented,
    Token token,
    String harmless,
    String harmful) {

  /// How a prompt is given.
  public enum Presented {
    /// As it is; the readings follow its last word.
    RAW,
    /// As an instruction in the chat template; the readings open the answer.
    CHAT
  }

  /// A token of a prompt.
  public enum Token {
    /// The last of the instruction.
    WORD,
    /// The last of all, where the template ends; in a raw prompt that is its last word.
    END
  }

  public Patchscope {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("name at least one layer to read");
    }
    if (text.isBlank()) {
      throw new IllegalArgumentException("the other prompt is empty");
    }
    if (harmless.isEmpty() || harmful.isEmpty() || harmless.equals(harmful)) {
      throw new IllegalArgumentException(
          "expected two readings that differ, were '" + harmless + "' and '" + harmful + "'");
    }
  }
}
