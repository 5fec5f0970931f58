package dev.demur.app.cli;

import dev.demur.model.local.RegularFile;
import dev.demur.model.local.UserHome;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// What an option is where the command line does not say: an environment variable, else a line of
/// the settings file.
///
/// `--max-new-tokens` of `demur study` is `DEMUR_STUDY_MAX_NEW_TOKENS`, else
/// `DEMUR_MAX_NEW_TOKENS`; in the file `study.max-new-tokens`, else `max-new-tokens`.
///
/// @param environment variables of the process
/// @param file where the settings are, or would be
/// @param lines what the file says
public record Settings(Map<String, String> environment, Path file, Map<String, String> lines)
    implements IDefaultValueProvider {

  /// Names another settings file.
  private static final String FILE = "DEMUR_CONFIG";

  private static final long MAX_BYTES = 64 * 1024;

  private static final List<String> YES = List.of("1", "yes", "on");
  private static final List<String> NO = List.of("0", "no", "off", "");

  /// A value and where it was found, for people.
  public record Found(String value, String source) {}

  public Settings {
    environment = Map.copyOf(environment);
    lines = Map.copyOf(lines);
  }

  /// The settings of this process.
  ///
  /// @throws IOException if there is a file and it cannot be read
  public static Settings ofEnvironment() throws IOException {
    return of(System.getenv(), UserHome.named());
  }

  /// No settings at all.
  public static Settings none() {
    return new Settings(Map.of(), Path.of(""), Map.of());
  }

  static Settings of(Map<String, String> environment, Path home) throws IOException {
    String named = environment.getOrDefault(FILE, "");
    if (!named.isBlank()) {
      return read(environment, Path.of(named));
    }
    String configs = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path folder = configs.isBlank() ? home.resolve(".config") : Path.of(configs);
    Path usual = folder.resolve("demur").resolve("settings.properties");
    return Files.exists(usual)
        ? read(environment, usual)
        : new Settings(environment, usual, Map.of());
  }

  private static Settings read(Map<String, String> environment, Path file) throws IOException {
    if (Files.size(RegularFile.of(file)) > MAX_BYTES) {
      throw new IOException(file + " has more than 64 KiB, which no settings need");
    }
    var properties = new Properties();
    try {
      properties.load(new StringReader(RegularFile.text(file)));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    var lines = new TreeMap<String, String>();
    properties.stringPropertyNames().forEach(k -> lines.put(k, properties.getProperty(k).strip()));
    return new Settings(environment, file, lines);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    return found(argument).map(Found::value).orElse(null);
  }

  /// What the settings say of an option.
  public Optional<Found> found(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
      return Optional.empty();
    }
    return found(names(option))
        .map(f -> option.typeInfo().isBoolean() ? new Found(truth(f.value()), f.source()) : f);
  }

  /// A line of the file that is about no option of any command.
  ///
  /// @param every all commands, asked for only when the one that runs does not have the option
  public Optional<String> unknown(ParseResult parsed, Supplier<CommandLine> every) {
    var unknown = new TreeSet<>(lines.keySet());
    unknown.removeAll(keys(parsed.commandSpec().root().commandLine()));
    if (!unknown.isEmpty()) {
      unknown.removeAll(keys(every.get()));
    }
    return unknown.stream()
        .findFirst()
        .map(key -> file + ": \"" + key + "\" is no option of any command; remove the line");
  }

  private static Set<String> keys(CommandLine command) {
    var keys = new TreeSet<String>();
    for (var option : command.getCommandSpec().options()) {
      keys.addAll(names(option));
    }
    command.getSubcommands().values().forEach(sub -> keys.addAll(keys(sub)));
    return keys;
  }

  /// What the settings decide about a command line, a sentence each.
  public List<String> used(ParseResult parsed) {
    var last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    var matched = last;
    return matched.commandSpec().options().stream()
        .filter(option -> !matched.hasMatchedOption(option))
        .flatMap(o -> found(o).map(f -> o.longestName() + " is " + said(f)).stream())
        .toList();
  }

  private static String said(Found found) {
    return "\"" + found.value() + "\", from " + found.source();
  }

  /// Whether a switch is on that is asked for before the command line is read.
  public boolean isOn(String name) {
    return found(List.of(name)).filter(f -> truth(f.value()).equals("true")).isPresent();
  }

  private Optional<Found> found(List<String> keys) {
    return keys.stream()
        .flatMap(key -> inEnvironment(key).stream())
        .findFirst()
        .or(() -> keys.stream().flatMap(key -> inFile(key).stream()).findFirst());
  }

  /// As a line of the file calls an option: with its command and without.
  private static List<String> names(OptionSpec option) {
    String name = option.longestName().replaceFirst("^-+", "");
    String command = option.command().qualifiedName(".").replaceFirst("^demur\\.?", "");
    return command.isEmpty() ? List.of(name) : List.of(command + "." + name, name);
  }

  private Optional<Found> inEnvironment(String key) {
    String variable = "DEMUR_" + key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    return Optional.ofNullable(environment.get(variable)).map(v -> new Found(v, variable));
  }

  private Optional<Found> inFile(String key) {
    return Optional.ofNullable(lines.get(key)).map(v -> new Found(v, file + ", " + key));
  }

  private static String truth(String value) {
    String word = value.strip().toLowerCase(Locale.ROOT);
    return YES.contains(word) ? "true" : NO.contains(word) ? "false" : word;
  }
}
