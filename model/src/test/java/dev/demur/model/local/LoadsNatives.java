package dev.demur.model.local;

import dev.demur.model.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;

/// Loads native code in a process of its own and prints which files the process has mapped to run
/// them. Argument: `torch`, or `javacpp` for the small library through which all others come.
final class LoadsNatives {

  private LoadsNatives() {}

  public static void main(String[] args) throws IOException {
    if (args[0].equals("torch")) {
      Torch.threads(1);
    } else {
      NativeFolder.prepare();
      new BytePointer(1).close();
    }
    try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
      maps.filter(line -> line.contains(" r-xp ") && line.contains("/"))
          .map(line -> line.substring(line.indexOf('/')))
          .distinct()
          .forEach(System.out::println);
    }
  }
}
