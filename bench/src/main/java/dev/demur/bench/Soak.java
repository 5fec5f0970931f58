package dev.demur.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Many small studies in one Java machine: does resident memory grow?
///
/// `java -cp … dev.demur.bench.Soak [STUDIES]`. Prints resident memory after every tenth study, and
/// the medians of the second and the last quarter; the first quarter belongs to the compiler and
/// the allocators.
public final class Soak {

  private static final int STUDIES = 200;
  private static final int SHOWN = 10;
  private static final double KIB_A_MIB = 1024;
  private static final Path STATUS = Path.of("/proc/self/status");

  private Soak() {}

  public static void main(String[] args) throws IOException {
    int studies = args.length > 0 ? Integer.parseInt(args[0]) : STUDIES;
    var resident = new ArrayList<Double>();
    for (int i = 1; i <= studies; i++) {
      QuietStudy.run(
          "--train",
          "16",
          "--val",
          "8",
          "--target-prompts",
          "4",
          "--baseline-prompts",
          "4",
          "--max-new-tokens",
          "16",
          "--seed",
          Integer.toString(i));
      resident.add(residentMib());
      if (i % SHOWN == 0) {
        System.out.printf("%d studies: %.0f MiB%n", i, resident.getLast());
      }
    }
    double second = median(resident.subList(studies / 4, studies / 2));
    double last = median(resident.subList(studies - studies / 4, studies));
    System.out.printf(
        "median of the second quarter %.0f MiB, of the last %.0f MiB: %+.2f MiB a study%n",
        second, last, (last - second) / (studies / 2.0));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private static double residentMib() throws IOException {
    try (var lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / KIB_A_MIB)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException(STATUS + " has no VmRSS"));
    }
  }
}
