package dev.demur.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class SettingsTest {

  @TempDir Path home;

  @Test
  void theCommandLineWinsThenTheEnvironmentThenTheFile() throws IOException {
    file("batch = 1", "study.batch = 2");
    var none = Map.<String, String>of();
    var general = Map.of("DEMUR_BATCH", "3");
    var own = Map.of("DEMUR_BATCH", "3", "DEMUR_STUDY_BATCH", "4");
    assertThat(batch(own, "study", "--batch", "5")).isEqualTo(5);
    assertThat(batch(own, "study")).isEqualTo(4);
    assertThat(batch(general, "study")).isEqualTo(3);
    assertThat(batch(none, "study")).isEqualTo(2);
    assertThat(batch(none, "chat")).isEqualTo(1);
    file();
    assertThat(batch(none, "chat")).isEqualTo(128);
  }

  @Test
  void whatTheSettingsDecideIsSaid() throws IOException {
    file("batch = 1");
    var line = line(Map.of(), "study");
    assertThat(Settings.of(Map.of(), home).used(line.getParseResult()))
        .containsExactly(
            "--batch is \"1\", from "
                + home.resolve(".config/demur/settings.properties")
                + ", batch");
    assertThat(
            Settings.of(Map.of(), home)
                .used(line(Map.of(), "study", "--batch", "5").getParseResult()))
        .isEmpty();
  }

  @Test
  void aLineAboutNoOptionIsNamed() throws IOException {
    file("bacth = 1");
    var line = line(Map.of(), "study");
    assertThat(Settings.of(Map.of(), home).unknown(line.getParseResult(), () -> line).orElseThrow())
        .contains("settings.properties", "\"bacth\" is no option");
  }

  @Test
  void switchesAreOnByTheUsualWords() throws IOException {
    for (String on : List.of("1", "true", "YES", "on")) {
      assertThat(Settings.of(Map.of("DEMUR_QUIET", on), home).isOn("quiet")).as(on).isTrue();
    }
    for (String off : List.of("0", "false", "no", "")) {
      assertThat(Settings.of(Map.of("DEMUR_QUIET", off), home).isOn("quiet")).as(off).isFalse();
    }
  }

  @Test
  void aFileThatIsNamedMustBeAFileOfSettings() throws IOException {
    var folder = Map.of("DEMUR_CONFIG", home.toString());
    assertThatThrownBy(() -> Settings.of(folder, home)).isInstanceOf(IOException.class);
    Path bad = Files.writeString(home.resolve("bad"), "a = \\uZZZZ");
    assertThatThrownBy(() -> Settings.of(Map.of("DEMUR_CONFIG", bad.toString()), home))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("bad");
  }

  private void file(String... lines) throws IOException {
    Path folder = Files.createDirectories(home.resolve(".config/demur"));
    Files.write(folder.resolve("settings.properties"), List.of(lines));
  }

  private int batch(Map<String, String> environment, String... words) throws IOException {
    var parsed = line(environment, words).getParseResult().subcommand();
    return parsed.commandSpec().findOption("--batch").getValue();
  }

  private CommandLine line(Map<String, String> environment, String... words) throws IOException {
    var root = new CommandLine(CommandSpec.create().name("demur"));
    for (String command : List.of("study", "chat")) {
      root.addSubcommand(
          CommandSpec.create()
              .name(command)
              .addOption(
                  OptionSpec.builder("--batch").type(int.class).defaultValue("128").build()));
    }
    root.setDefaultValueProvider(Settings.of(environment, home));
    root.parseArgs(words);
    return root;
  }
}
