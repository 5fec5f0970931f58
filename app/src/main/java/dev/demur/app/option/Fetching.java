package dev.demur.app.option;

import dev.demur.app.cli.Terminal;
import dev.demur.app.cli.TransferProgress;
import dev.demur.lab.data.DataStore;
import dev.demur.lab.data.Dataset;
import dev.demur.lab.data.StoredFile;
import dev.demur.lab.run.Progress;
import dev.demur.model.hub.HubSettings;
import dev.demur.model.hub.WebFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Gets published sets and says what came.
///
/// @param store where they are kept
public record Fetching(DataStore store, Terminal terminal) {

  public static Fetching ofEnvironment(Terminal terminal) {
    return new Fetching(DataStore.ofEnvironment(), terminal);
  }

  /// Fetches a set from where its authors keep it.
  public List<StoredFile> pull(Dataset set) throws IOException {
    return pull(set, Optional.empty());
  }

  /// Fetches a set, or takes it from a folder.
  public List<StoredFile> pull(Dataset set, Optional<Path> from) throws IOException {
    terminal.note(set.name() + ": " + set.title() + ". Licence: " + set.licence() + ".");
    terminal.note("Content note: " + set.note() + ".");
    var files = from.isPresent() ? store.importFrom(set, from.get()) : fetched(set);
    files.forEach(this::say);
    return files;
  }

  private List<StoredFile> fetched(Dataset set) throws IOException {
    var progress = new TransferProgress(terminal, Progress.silent());
    return store.pull(set, WebFiles.of(HubSettings.ofEnvironment(), progress));
  }

  private void say(StoredFile file) {
    terminal.note(
        file.file().name()
            + " "
            + file.state().text()
            + (file.detail().isEmpty() ? "" : ": " + file.detail()));
  }
}
