package dev.demur.app.option;

import dev.demur.app.cli.Terminal;
import dev.demur.lab.direction.Operation;
import dev.demur.lab.policy.Operator;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.policy.PolicyFile;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// A policy as it is typed: a file, or a line of the policy language.
///
/// @param text as typed
/// @param vectors what names stand for
public record PolicyArgument(String text, Map<String, Path> vectors) {

  /// Reads it for a model, and says on the terminal when it may be another model's. It belongs to
  /// the caller's innermost scope.
  ///
  /// @throws IllegalArgumentException if it is no policy, or does not fit the model
  public Policy readFor(ChatModel model, Terminal terminal) throws IOException {
    var file = file(text);
    var policy =
        file.isPresent()
            ? ofFile(file.get(), model, terminal)
            : ofLine(Optional.of(new NamedFiles.For(model, terminal)));
    policy.requireFits(model.name(), model.config().dModel(), model.config().nLayers());
    return policy;
  }

  /// Reads it for no model in particular. It belongs to the caller's innermost scope.
  ///
  /// @throws IllegalArgumentException if it is no policy
  public Policy read() throws IOException {
    var file = file(text);
    return file.isPresent() ? stored(file.get()).policy() : ofLine(Optional.empty());
  }

  private static PolicyFile stored(Path file) throws IOException {
    if (!PolicyFile.isOne(file)) {
      throw new IllegalArgumentException(
          file + ": is no policy; to steer along a direction, name what to do: \"ablate FILE\"");
    }
    return PolicyFile.read(file);
  }

  private static Policy ofFile(Path file, ChatModel model, Terminal terminal) throws IOException {
    var stored = stored(file);
    stored
        .doubt(model.name(), model.files().weightsHash())
        .ifPresent(doubt -> terminal.say("warning: " + doubt));
    return stored.policy();
  }

  private Policy ofLine(Optional<NamedFiles.For> use) throws IOException {
    var names = new NamedFiles(vectors, use);
    try {
      var policy = Policy.parse(text, names);
      for (var rule : policy.rules()) {
        names.requireFor(rule.operator().name(), operation(rule.operator()));
      }
      return policy;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Operation operation(Operator operator) {
    return switch (operator) {
      case Operator.Scale _ -> Operation.ABLATION;
      case Operator.Add _, Operator.Affine _, Operator.Clamp _, Operator.Map _ ->
          Operation.ADDITION;
      case Operator.KeepNorm(var inner) -> operation(inner);
    };
  }

  /// The file that is meant; empty when the text is a line.
  public static Optional<Path> file(String text) {
    try {
      return Optional.of(Path.of(text)).filter(Files::isRegularFile);
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }
}
