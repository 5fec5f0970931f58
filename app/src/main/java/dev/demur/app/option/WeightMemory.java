package dev.demur.app.option;

import com.sun.management.OperatingSystemMXBean;
import dev.demur.app.cli.Terminal;
import dev.demur.model.ChatModel;
import dev.demur.model.arch.Streaming;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How much memory a model's weights may take.
final class WeightMemory {

  private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)([MG])");
  private static final double MEGA = 1e6;
  private static final double GIGA = 1e9;

  /// Left to everything else.
  private static final long REST = 2_000_000_000L;

  /// Files below this size fit; the machine is not asked.
  private static final long SMALL = 1_000_000_000L;

  @Option(
      names = "--weight-memory",
      paramLabel = "SIZE",
      description =
          "Most memory for the weights of the model's blocks, e.g. 8G or 500M (default: the "
              + "machine's, less 2G). Blocks that do not fit are read from disk in every pass.")
  private @Nullable String size;

  /// Refuses a size that is none, before a large file is opened.
  void check() {
    if (size != null) {
      bytes(size);
    }
  }

  /// The model with blocks streamed that do not fit, which is said.
  ChatModel limit(ChatModel model, Terminal terminal) {
    long limit = size == null ? machine(model) : bytes(size);
    var limited = model.within(limit);
    limited.transformer().streaming().ifPresent(s -> terminal.note(message(model, s)));
    return limited;
  }

  private static String message(ChatModel model, Streaming streaming) {
    return String.format(
        Locale.ROOT,
        "%s does not fit into memory: %d of %d blocks, %.1f GB, are read from disk in every pass,"
            + " %.0f s at the %.1f GB/s of the first one",
        model.name(),
        streaming.streamedBlocks(),
        model.config().nLayers(),
        streaming.bytesPerPass() / GIGA,
        streaming.bytesPerPass() / streaming.bytesPerSecond(),
        streaming.bytesPerSecond() / GIGA);
  }

  private static long machine(ChatModel model) {
    long files = model.files().weights().mapped().stream().mapToLong(f -> f.byteSize()).sum();
    if (files < SMALL) {
      return Long.MAX_VALUE;
    }
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return system.getTotalMemorySize() - REST; // a container's, where there is one
  }

  private static long bytes(String text) {
    var matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "--weight-memory: expected a size like 8G or 500M, was \"" + text + "\"");
    }
    double unit = matcher.group(2).equals("G") ? GIGA : MEGA;
    return Math.round(Double.parseDouble(matcher.group(1)) * unit);
  }
}
