package dev.demur.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Many small whole studies in one Java machine: does resident memory grow?
///
/// `java -Xms192m -Xmx192m -cp … dev.demur.bench.Soak [STUDIES [SAMPLES]]`; the fixed heap because
/// an empty part of it that is touched for the first time looks like growth. Studies take turns
/// with so many samples of prompts: libtorch keeps what it works out for a shape, up to 1024
/// shapes, and with ever new samples that fills up for longer than a soak lasts. Prints resident
/// memory after every tenth study, and a straight line through the second half with its 95 %
/// interval.
public final class Soak {

  private static final int STUDIES = 200;
  private static final int SAMPLES = 10;
  private static final int SHOWN = 10;
  private static final double KIB_A_MIB = 1024;
  private static final Path STATUS = Path.of("/proc/self/status");

  private Soak() {}

  public static void main(String[] args) throws IOException {
    int studies = args.length > 0 ? Integer.parseInt(args[0]) : STUDIES;
    int samples = args.length > 1 ? Integer.parseInt(args[1]) : SAMPLES;
    var resident = new ArrayList<Double>();
    for (int i = 0; i < studies; i++) {
      study(i % samples);
      resident.add(residentMib());
      if ((i + 1) % SHOWN == 0) {
        System.out.printf("%d studies: %.1f MiB%n", i + 1, resident.getLast());
      }
    }
    var line = new Line(resident.subList(studies / 2, studies));
    System.out.printf(
        "second half: %+.4f MiB a study, 95 %% interval %+.4f to %+.4f%n",
        line.slope(), line.slope() - line.halfWidth(), line.slope() + line.halfWidth());
  }

  private static void study(int seed) throws IOException {
    QuietStudy.run(
        "demo",
        List.of(
            "--train", "16",
            "--val", "8",
            "--random-directions", "0",
            "--harmful-prompts", "2",
            "--harmless-prompts", "2",
            "--max-new-tokens", "8",
            "--seed", Integer.toString(seed + 1)));
  }

  /// Least squares of values on their places.
  ///
  /// @param slope a place
  /// @param halfWidth of the slope's 95 % interval. Memory drifts, and a residual is like the one
  ///   before; counting them as so many fewer independent ones widens it.
  private record Line(double slope, double halfWidth) {

    private static final double NORMAL_95 = 1.96;

    Line(List<Double> values) {
      double[] fit = fit(values);
      this(fit[0], fit[1]);
    }

    private static double[] fit(List<Double> values) {
      int n = values.size();
      double middle = (n - 1) / 2.0;
      double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
      double xx = 0;
      double xy = 0;
      for (int i = 0; i < n; i++) {
        xx += (i - middle) * (i - middle);
        xy += (i - middle) * (values.get(i) - mean);
      }
      double slope = xy / xx;
      double squares = 0;
      double neighbours = 0;
      double before = 0;
      for (int i = 0; i < n; i++) {
        double residual = values.get(i) - mean - slope * (i - middle);
        squares += residual * residual;
        neighbours += residual * before;
        before = residual;
      }
      if (squares == 0) {
        return new double[] {slope, 0};
      }
      double alike = Math.clamp(neighbours / squares, 0, 0.99);
      double independent = Math.max(3, n * (1 - alike) / (1 + alike));
      return new double[] {slope, NORMAL_95 * Math.sqrt(squares / (independent - 2) / xx)};
    }
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
