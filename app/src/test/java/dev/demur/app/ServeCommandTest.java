package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.cli.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `demur serve`, from the command line to the port. What it answers is tested where it is
/// answered.
class ServeCommandTest {

  @TempDir private Path folder;

  @Test
  void servesTheDemoModelUntilItIsStopped() throws InterruptedException {
    var run = new AtomicReference<Cli.Outcome>();
    var command =
        Thread.ofPlatform()
            .start(
                () -> run.set(Cli.run("serve", "--port", "0", "--slots", "1", "--context", "64")));
    while (command.isAlive() && !isServing(command)) {
      Thread.sleep(10);
    }
    command.interrupt();
    command.join();
    assertThat(run.get().code()).as(run.get().err()).isEqualTo(ExitCode.OK);
    assertThat(run.get().err()).contains("serving demo, demo:ablated at http://127.0.0.1:");
  }

  private static boolean isServing(Thread command) {
    return Arrays.stream(command.getStackTrace())
        .anyMatch(frame -> frame.getClassName().endsWith(".Lifetime"));
  }

  @Test
  void anotherMachineNeedsAKey() throws Exception {
    var open = Cli.run("serve", "--host", "0.0.0.0");
    assertThat(open.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(open.err()).contains("a key is needed");
    var key = folder.resolve("key");
    Files.writeString(key, "short");
    var weak = Cli.run("serve", "--host", "0.0.0.0", "--key-file", key);
    assertThat(weak.err()).contains("at least 16");
  }

  @Test
  void aPolicyThatDoesNotFitIsToldBeforeAnyoneAsks() {
    var run =
        Cli.run(
            "serve", "--port", "0", "--slots", "1", "--context", "64", "--policy", "x=ablate q");
    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("policy at character");
  }
}
