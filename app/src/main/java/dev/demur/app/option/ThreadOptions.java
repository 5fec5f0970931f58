package dev.demur.app.option;

import dev.demur.model.tensor.Torch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How many threads compute.
public final class ThreadOptions {

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of one operation (default: all cores).")
  private @Nullable Integer threads;

  /// Sets them, when they are named.
  public void apply() {
    if (threads != null) {
      Torch.threads(threads);
    }
  }
}
