package dev.demur.app.cli;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;

/// Options that earlier versions called otherwise. The old names go on working, so that scripts do;
/// help shows today's alone. A command that has an option of an old name keeps it for itself.
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
  ///
  /// @param line knows the options of the commands that may be meant
  public static String[] renamed(CommandLine line, String... args) {
    var own = names(line);
    return Arrays.stream(args).map(argument -> renamed(own, argument)).toArray(String[]::new);
  }

  private static Set<String> names(CommandLine line) {
    var names = new HashSet<>(line.getCommandSpec().optionsMap().keySet());
    line.getSubcommands().values().forEach(below -> names.addAll(names(below)));
    return names;
  }

  private static String renamed(Set<String> own, String argument) {
    int equals = argument.indexOf('=');
    String name = equals < 0 ? argument : argument.substring(0, equals);
    String value = equals < 0 ? "" : argument.substring(equals);
    return own.contains(name) ? argument : TODAY.getOrDefault(name, name) + value;
  }
}
