package dev.demur.app.command.measure;

import dev.demur.app.cli.Interruption;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.TerminalProgress;
import dev.demur.app.option.ModelOptions;
import dev.demur.lab.report.Report;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.run.RunStore;
import dev.demur.model.ChatModel;
import dev.demur.model.local.Readers;
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

  /// What was found, for people and for programs.
  record Measured(Report page, String json) {}

  /// Measures, and leaves the result in the run folder.
  ///
  /// @param file name of the result
  Measured of(String file, Work work) throws IOException {
    try (var chat = options.open(model, terminal)) {
      Path folder = out.orElseGet(() -> RunFolder.usual(chat, ""));
      try (var store = RunStore.at(folder);
          var _ = Scope.open();
          var watch = Interruption.watch(terminal, Interruption.goesOn(folder))) {
        var progress = watch.counting(new TerminalProgress(terminal));
        var measured = work.measure(chat, store, progress);
        store.folder().write(file, measured.json(), Readers.AS_USUAL);
        return measured;
      }
    }
  }
}
