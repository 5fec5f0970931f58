package dev.demur.app.cli;

import java.util.Locale;

/// Sizes for people, in decimal units as disks and hubs count.
public final class ByteCount {

  private ByteCount() {}

  /// `0 B`, `512 B`, `1.5 kB`, `300 kB`, `1.2 GB`.
  public static String spoken(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    String[] units = {"kB", "MB", "GB", "TB"};
    double value = bytes / 1000.0;
    int unit = 0;
    while (value >= 999.5 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, value < 9.95 ? "%.1f %s" : "%.0f %s", value, units[unit]);
  }
}
