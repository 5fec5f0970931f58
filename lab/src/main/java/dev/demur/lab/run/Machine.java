package dev.demur.lab.run;

import com.sun.management.OperatingSystemMXBean;
import dev.demur.model.tensor.Card;
import dev.demur.model.tensor.Torch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The computer a study ran on.
///
/// @param system operating system and its version
/// @param architecture instruction set
/// @param processor model name, where the system tells it
/// @param cores processors this process may use
/// @param memoryBytes main memory
/// @param java version of the virtual machine
/// @param threads threads one operation of the compute engine used
/// @param engine the libtorch that computed
/// @param cards of this machine, by name; empty where there is none
public record Machine(
    String system,
    String architecture,
    String processor,
    int cores,
    long memoryBytes,
    String java,
    int threads,
    String engine,
    List<String> cards) {

  public Machine {
    cards = List.copyOf(cards);
  }

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /// This computer.
  ///
  /// @param threads as the compute engine was set up
  public static Machine here(int threads) {
    return here(threads, libtorch());
  }

  /// The libtorch that computes.
  static String libtorch() {
    return Torch.installed()
        .map(torch -> "PyTorch " + torch.version())
        .orElseGet(() -> "the bundled libtorch " + Torch.version());
  }

  /// This computer, whether or not a libtorch can be loaded.
  ///
  /// @param threads as the compute engine was set up
  /// @param engine the libtorch that computes
  public static Machine here(int threads, String engine) {
    return new Machine(
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("os.arch"),
        cpuModel(),
        Runtime.getRuntime().availableProcessors(),
        memory(),
        Runtime.version().toString(),
        threads,
        engine,
        Card.all().stream().map(Card::name).toList());
  }

  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : 0;
  }

  private static String cpuModel() {
    if (!Files.isReadable(CPU_INFO)) {
      return "unknown";
    }
    try (var lines = Files.lines(CPU_INFO, StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException _) { // a courtesy to the reader of a manifest, not worth a failed study
      return "unknown";
    }
  }
}
