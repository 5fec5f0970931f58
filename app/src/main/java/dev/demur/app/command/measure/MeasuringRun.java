package dev.demur.app.command.measure;

import dev.demur.app.cli.Terminal;
import dev.demur.app.command.measure.OpenRun.Measured;
import dev.demur.app.option.ModelOptions;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.run.RunStore;
import dev.demur.model.ChatModel;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// A model and the run folder it is measured in: opened, shown progress of, closed.
///
/// @param model as the user named it
/// @param out the folder; usually that of the model's studies
record MeasuringRun(ModelOptions options, String model, Optional<Path> out, Terminal terminal) {

  /// What is measured.
  interface Work {
    Measured measure(ChatModel chat, RunStore store, Progress progress) throws IOException;
  }

  /// Measures, and leaves the result in the run folder.
  ///
  /// @param file name of the result
  Measured of(String file, Work work) throws IOException {
    try (var chat = options.open(model, terminal);
        var _ = Scope.open()) {
      Path folder = out.orElseGet(() -> RunFolder.usual(chat, ""));
      return new OpenRun(folder, terminal)
          .of(file, (store, progress) -> work.measure(chat, store, progress));
    }
  }
}
