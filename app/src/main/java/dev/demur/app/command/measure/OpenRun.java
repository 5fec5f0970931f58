package dev.demur.app.command.measure;

import dev.demur.app.cli.Interruption;
import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.TerminalProgress;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.format.ReportFiles;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.run.RunStore;
import dev.demur.model.local.Readers;
import java.io.IOException;
import java.nio.file.Path;

/// A run folder that is measured in: opened, shown progress of, closed.
record OpenRun(Path folder, Terminal terminal) {

  /// What is measured.
  interface Work {
    Measured measure(RunStore store, Progress progress) throws IOException;
  }

  /// What was found, for people and for programs.
  record Measured(Report page, String json) {}

  /// Measures, and leaves the result in the folder.
  ///
  /// @param file name of the result
  Measured of(String file, Work work) throws IOException {
    return kept(file, work, (_, _) -> {});
  }

  /// The same with the result's pages and tables.
  Measured withPages(String file, Work work) throws IOException {
    return kept(file, work, ReportFiles::write);
  }

  /// What else is left of a result.
  private interface Leaving {
    void leave(Report page, RunFolder folder) throws IOException;
  }

  private Measured kept(String file, Work work, Leaving more) throws IOException {
    try (var store = RunStore.at(folder);
        var watch = Interruption.watch(terminal, Interruption.goesOn(folder))) {
      var measured = work.measure(store, watch.counting(new TerminalProgress(terminal)));
      store.folder().write(file, measured.json(), Readers.AS_USUAL);
      more.leave(measured.page(), store.folder());
      return measured;
    }
  }
}
