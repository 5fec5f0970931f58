package dev.demur.app.cli;

import java.util.Arrays;
import java.util.Map;

/// Options that earlier versions called otherwise. The old names go on working, so that scripts do;
/// help shows today's alone.
public final class EarlierOptions {

  private static final Map<String, String> TODAY =
      Map.of(
          "--target", "--harmful",
          "--target-train", "--harmful-train",
          "--target-val", "--harmful-val",
          "--target-eval", "--harmful-eval",
          "--target-prompts", "--harmful-prompts",
          "--baseline", "--harmless",
          "--baseline-train", "--harmless-train",
          "--baseline-val", "--harmless-val",
          "--baseline-eval", "--harmless-eval",
          "--baseline-prompts", "--harmless-prompts");

  private EarlierOptions() {}

  /// The same command line under today's names.
  public static String[] renamed(String... args) {
    return Arrays.stream(args).map(EarlierOptions::renamed).toArray(String[]::new);
  }

  private static String renamed(String argument) {
    int equals = argument.indexOf('=');
    String name = equals < 0 ? argument : argument.substring(0, equals);
    String value = equals < 0 ? "" : argument.substring(equals);
    return TODAY.getOrDefault(name, name) + value;
  }
}
