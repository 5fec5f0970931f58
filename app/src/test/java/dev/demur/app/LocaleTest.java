package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// D9 and D12: what comes in and goes out is the same in every locale, or refused.
@DisabledOnOs(OS.WINDOWS) // these are variables of Unix
class LocaleTest {

  @TempDir Path folder;

  /// D9: the prompt became `U+FFFD`s, and the model answered those.
  @Test
  @DisabledOnOs(OS.MAC) // Java reads UTF-8 there in any locale
  void anArgumentThatTheLocaleLostIsRefused() throws Exception {
    Path model = Cli.checkpoint("llama-gqa-tied");
    var lost =
        Cli.finish(Cli.start("export LC_ALL=POSIX;", List.of(), "chat", model, "-p", "Größe"));
    assertThat(lost.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(lost.messages()).singleElement().asString().contains("set LC_ALL=C.UTF-8");
  }

  @Test
  void theSameInAFileOfArgumentsIsRefused() throws Exception {
    Path file = folder.resolve("arguments");
    Files.write(
        file, new byte[] {'m', 'o', 'd', 'e', 'l', 's', ' ', 'i', 'n', 'f', 'o', ' ', (byte) 0xe4});
    var lost = Cli.run("@" + file);
    assertThat(lost.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(lost.err()).contains("has lost characters");
  }

  @Test
  void textOnStandardInputThatIsNotUtf8IsRefused() throws Exception {
    Path model = Cli.checkpoint("llama-gqa-tied");
    var process =
        Cli.start("export LC_ALL=C.UTF-8; printf 'gr\\344n\\n' |", List.of(), "chat", model);
    var outcome = Cli.finish(process);
    assertThat(outcome.code()).describedAs(outcome.err()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages()).singleElement().asString().contains("is not UTF-8");
  }

  /// D12: an Arabic user read Arabic digits in Arabic order, and programs could read neither.
  @Test
  void numbersAreTheSameEverywhere() throws Exception {
    Path model = Cli.checkpoint("llama-gqa-tied");
    var jvm = List.of("-Duser.language=ar", "-Duser.country=SA", "-Duser.extensions=nu-arab");
    var there = Cli.finish(Cli.start("", jvm, "models", "info", model));
    var here = Cli.run("models", "info", model);
    assertThat(there.code()).describedAs(there.err()).isZero();
    assertThat(there.out().lines().filter(l -> l.contains("parameters")).toList())
        .isEqualTo(here.out().lines().filter(l -> l.contains("parameters")).toList());
    assertThat(there.out()).matches("(?s)\\P{InArabic}*");
  }

  /// D12: the command line sets the locale once; a library's caller need not have. Names of shards
  /// and style sheets are formatted too.
  @Test
  void theLibraryFormatsNoNumberInTheDefaultLocale() throws IOException {
    var number =
        Pattern.compile("%[-#+ 0,(]*\\d*(\\.\\d+)?[dxeEfgo][^\"]*\"\\)?\\s*\\.formatted\\(");
    var format = Pattern.compile("String\\.format\\(\\s*\"");
    for (String module : List.of("model", "lab", "toy", "serve")) {
      try (var files = Files.walk(Path.of("..", module, "src/main/java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          String text = Files.readString(file);
          assertThat(number.matcher(text).results().map(MatchResult::group))
              .describedAs(file + ": write String.format(Locale.ROOT, …)")
              .isEmpty();
          assertThat(format.matcher(text).results().map(MatchResult::group))
              .describedAs(file + ": write String.format(Locale.ROOT, …)")
              .isEmpty();
        }
      }
    }
  }
}
