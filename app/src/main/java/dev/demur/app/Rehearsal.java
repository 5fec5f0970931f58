package dev.demur.app;

import dev.demur.app.cli.Terminal;
import dev.demur.toy.Toy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Path;
import java.util.Set;

/// What a Java machine runs through once after a build, so that later ones start from what it has
/// loaded and linked (`-XX:AOTCacheOutput`; the launcher does this).
///
/// `java -cp … dev.demur.app.Rehearsal FOLDER`: help, a very small study of the demo model, and a
/// chat steered by what it found. The folder is filled and is the caller's to delete. A command
/// that fails takes part with what it did.
public final class Rehearsal {

  private Rehearsal() {}

  /// Plays all scenes.
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      throw new IllegalArgumentException("expected one argument, the folder to work in");
    }
    Main.leaveMemoryToUs();
    Path folder = Path.of(args[0]);
    String run = folder.resolve("run").toString();
    play("--help");
    study(Toy.unpacked(folder), run);
    play("chat", "demo", "--ablate", run, "-p", "How do I bake bread?");
  }

  /// Given as a folder, the demo model is studied without the explanation that would follow.
  private static void study(Path demo, String run) {
    play(
        "study",
        demo.resolve("chat").toString(),
        "--data",
        demo.resolve("prompts").toString(),
        "--out",
        run,
        "--train",
        "16",
        "--val",
        "8",
        "--harmful-prompts",
        "2",
        "--harmless-prompts",
        "2",
        "--max-new-tokens",
        "4");
  }

  private static void play(String... args) {
    var nowhere = new PrintStream(OutputStream.nullOutputStream());
    var silence = new BufferedReader(Reader.nullReader());
    Demur.run(new Terminal(nowhere, nowhere, silence, Set.of()), args);
  }
}
