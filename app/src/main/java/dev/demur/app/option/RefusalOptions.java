package dev.demur.app.option;

import dev.demur.app.cli.Terminal;
import dev.demur.lab.direction.Direction;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What is known of refusal before something is fitted: its direction, and the tokens that open it.
public final class RefusalOptions {

  @Option(
      names = "--direction",
      paramLabel = "DIRECTION",
      description = "The refusal direction: a direction.safetensors, or the run folder it is in.")
  private @Nullable Path direction;

  @Option(
      names = "--refusal-tokens",
      split = ",",
      paramLabel = "TOKEN",
      description =
          "Tokens that open a refusal, as ids or as text (default: those of the run folder).")
  private List<String> tokens = List.of();

  /// Whether a direction was given.
  public boolean isGiven() {
    return direction != null;
  }

  /// The direction, for a model.
  ///
  /// @param what needs it, for people
  /// @throws IllegalArgumentException if there is none, or it does not fit the model
  public Direction direction(String what, ChatModel model, Terminal terminal) throws IOException {
    return argument(what).readFor(model, terminal).direction();
  }

  /// The tokens that open a refusal.
  ///
  /// @param what needs them, for people
  /// @throws IllegalArgumentException if they are not known
  public Set<Integer> tokens(String what, ChatModel model) throws IOException {
    return argument(what).refusalTokens(tokens, model);
  }

  /// The tokens that open a refusal, where they were given or the direction's study found them.
  public Optional<Set<Integer>> knownTokens(ChatModel model) throws IOException {
    if (!tokens.isEmpty()) {
      return Optional.of(Set.copyOf(TokenArgument.ids(tokens, model.tokenizer())));
    }
    return direction == null ? Optional.empty() : new DirectionArgument(direction).refusalTokens();
  }

  private DirectionArgument argument(String what) {
    if (direction == null) {
      throw new IllegalArgumentException(what + " needs the refusal direction: --direction");
    }
    return new DirectionArgument(direction);
  }
}
