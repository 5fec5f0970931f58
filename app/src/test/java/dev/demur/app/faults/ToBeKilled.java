package dev.demur.app.faults;

import dev.demur.app.faults.Faults.Kind;
import java.io.IOException;
import java.nio.file.Path;

/// A command in a process that kills itself with SIGKILL at the n-th operation on what it writes.
/// Between two operations nothing on the disk changes, so that these are all moments there are.
///
/// Arguments: the folder, the command, the operation or 0 for none, how. The last line it prints is
/// how many operations there were.
public final class ToBeKilled {

  private ToBeKilled() {}

  public static void main(String[] args) throws IOException {
    if (!FailingSystem.isInUse()) {
      throw new IllegalStateException("start with the file system that fails");
    }
    Path folder = Path.of(args[0]).toRealPath();
    var work = Work.named(args[1], folder);
    Faults.arm(folder.resolve("out"), Long.parseLong(args[2]), Kind.valueOf(args[3]));
    var outcome = work.run();
    System.out.print(outcome.err());
    System.out.println("\n" + Faults.disarm());
    System.exit(outcome.code());
  }
}
