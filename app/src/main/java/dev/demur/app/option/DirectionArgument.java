package dev.demur.app.option;

import dev.demur.app.cli.Terminal;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Operation;
import dev.demur.lab.report.format.StudyFolder;
import dev.demur.lab.run.RunFolder;
import dev.demur.model.ChatModel;
import dev.demur.model.arch.family.Writers;
import dev.demur.model.format.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A direction as it is named on the command line: its file, or the run folder it is in.
///
/// @param path as typed
public record DirectionArgument(Path path) {

  /// A direction and the file it was read from.
  public record Stored(Path path, DirectionFile file) {}

  /// Reads it. The direction belongs to the caller's innermost scope.
  public Stored read() throws IOException {
    Path file = Files.isDirectory(path) ? RunFolder.at(path).verified(RunFolder.DIRECTION) : path;
    return new Stored(file, DirectionFile.read(file));
  }

  /// Reads it for a model.
  ///
  /// @throws IllegalArgumentException if it cannot be a direction of the model's stream
  public Direction fitting(ModelFiles files) throws IOException {
    var stored = read().file();
    var shape = Writers.of(files).config();
    stored.requireFits(files.name(), shape.dModel(), shape.nLayers());
    return stored.direction();
  }

  /// Reads the direction for one operation on a model, and says on the terminal when it may be
  /// another model's. It belongs to the caller's innermost scope.
  ///
  /// @throws IllegalArgumentException if it is not for that operation or does not fit the model
  public Direction readFor(Operation operation, ChatModel model, Terminal terminal)
      throws IOException {
    var stored = read().file();
    stored.requireFor(operation);
    return checked(stored, model, terminal).direction();
  }

  /// The same for whatever it is good for.
  ///
  /// @throws IllegalArgumentException if it does not fit the model
  public DirectionFile readFor(ChatModel model, Terminal terminal) throws IOException {
    return checked(read().file(), model, terminal);
  }

  private static DirectionFile checked(DirectionFile stored, ChatModel model, Terminal terminal)
      throws IOException {
    stored.requireFits(model.name(), model.config().dModel(), model.config().nLayers());
    stored
        .doubt(model.name(), model.files().weightsHash())
        .ifPresent(doubt -> terminal.say("warning: " + doubt));
    return stored;
  }

  /// The tokens that open a refusal: those given, else those of the study the direction is from.
  ///
  /// @param given with `--refusal-tokens`; empty where none are
  /// @throws IllegalArgumentException if neither says, or one is not a token of the model
  public Set<Integer> refusalTokens(List<String> given, ChatModel model) throws IOException {
    if (!given.isEmpty()) {
      return Set.copyOf(TokenArgument.ids(given, model.tokenizer()));
    }
    return refusalTokens()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "it is not known with which tokens "
                        + model.name()
                        + " opens a refusal; give --refusal-tokens, or a run folder as"
                        + " --direction"));
  }

  /// The tokens that open a refusal, as the study found them that the direction is from; empty when
  /// this is not a finished study's folder.
  public Optional<Set<Integer>> refusalTokens() throws IOException {
    return RunFolder.at(path).has(RunFolder.REPORT)
        ? Optional.of(StudyFolder.at(path).result().screen().tokens().ids())
        : Optional.empty();
  }
}
