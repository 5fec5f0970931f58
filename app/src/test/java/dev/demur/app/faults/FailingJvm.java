package dev.demur.app.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Processes on the [FailingDisk].
final class FailingJvm {

  private FailingJvm() {}

  /// Starts a class of the tests; its messages and output come as one.
  static Process start(Class<?> main, Map<String, String> environment, List<String> arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    command.addAll(List.of("-Xmx1g", "--enable-native-access=ALL-UNNAMED"));
    command.add("-Dorg.bytedeco.javacpp.maxbytes=0"); // as Main has it
    command.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    command.add("-Djava.nio.file.spi.DefaultFileSystemProvider=" + FailingDisk.class.getName());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder.start();
  }
}
