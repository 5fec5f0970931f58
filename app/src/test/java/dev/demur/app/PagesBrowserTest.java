package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Browser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every page that Demur writes, of the embedded model, in a real browser: `-Dtests.groups=browser
/// -Dtests.exclude=`. With `-Ddemur.pictures=FOLDER` it leaves the pictures of the documents there.
@Tag("browser")
class PagesBrowserTest {

  private static final List<Integer> WIDTHS = List.of(390, 1280);

  @TempDir private static Path folder;
  private static Browser browser;

  @BeforeAll
  static void writePages() throws Exception {
    browser = Browser.start();
    demur("study", "demo", "--out", folder.resolve("study"), "--keep-completions");
    demur(
        "explain",
        "demo",
        "--direction",
        folder.resolve("study"),
        "-p",
        "How do I sneak into a cinema?",
        "--out",
        folder.resolve("prompt"));
    demur("study", "demo", "--quick", "--seed", 7, "--out", folder.resolve("again"));
    demur("study", "demo", "--as-paper", "--full", "--out", folder.resolve("paper"));
    demur("map", "demo", "--out", folder.resolve("map"));
    demur(
        "report",
        folder.resolve("study"),
        folder.resolve("again"),
        "--out",
        folder.resolve("comparison"));
  }

  private static void demur(Object... args) {
    var outcome = Cli.run(args);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
  }

  @AfterAll
  static void stopBrowser() throws IOException {
    if (browser != null) {
      browser.close();
    }
  }

  static Stream<String> pages() {
    return Stream.of("study", "study/explain", "prompt", "comparison", "paper", "map");
  }

  private static Path page(String name) {
    return folder.resolve(name).resolve("report.html");
  }

  // E: wider than a phone, "Nats" clipped, the first explain table cut without a hint.
  @ParameterizedTest
  @MethodSource("pages")
  void fitsPhonesDesksAndPaperInLightAndDark(String name) throws Exception {
    for (int width : WIDTHS) {
      for (String scheme : List.of("light", "dark")) {
        browser.window(width, 900, scheme);
        browser.open(page(name));
        browser.unfold();
        assertThat(browser.faults()).as(width + " px, " + scheme).isEmpty();
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).isEmpty();
      }
    }
    browser.sheet();
    browser.open(page(name));
    assertThat(browser.faults()).as("on paper").isEmpty();
  }

  @Test
  void leavesPicturesWhereAsked() throws Exception {
    Path pictures = Browser.pictures(folder);
    for (var picture : PICTURES) {
      browser.window(picture.width(), 900, picture.scheme());
      browser.open(page(picture.page()));
      browser.screenshot(
          pictures.resolve(picture.name() + ".webp"), picture.from(), picture.height());
      assertThat(pictures.resolve(picture.name() + ".webp")).isNotEmptyFile();
    }
  }

  /// A part of a page.
  private record Picture(
      String name, String page, String from, int width, int height, String scheme) {}

  private static final List<Picture> PICTURES =
      List.of(
          new Picture("report", "study", "header", 1280, 1100, "light"),
          new Picture("report-dark", "study", "header", 1280, 1100, "dark"),
          new Picture("report-phone", "study", "header", 390, 1100, "light"),
          new Picture("rates", "study", "#rates", 1280, 700, "light"),
          new Picture("candidates", "study", "#map-bypass", 1280, 900, "light"),
          new Picture("bypass-kl", "study", "#bypass-kl", 1280, 560, "light"),
          new Picture("dose", "study", "#dose", 1280, 720, "light"),
          new Picture("completions", "study", "#examples", 1280, 800, "light"),
          new Picture("explanation", "study/explain", "#stream", 1280, 900, "light"),
          new Picture("heads", "study/explain", "#components", 1280, 620, "light"),
          new Picture("prompt", "prompt", "#tokens", 1280, 900, "light"),
          new Picture("comparison", "comparison", "header", 1280, 1100, "light"),
          new Picture("paper", "paper", "#as_paper", 1280, 1100, "light"),
          new Picture("attacks-dark", "paper", "#attacks", 1280, 600, "dark"),
          new Picture("settings-dark", "paper", "#rates-by-setting", 1280, 960, "dark"),
          new Picture("map-plane", "map", "#directions", 1280, 1000, "light"),
          new Picture("map-matrix", "map", "#map-matrix", 1280, 900, "light"),
          new Picture("map-matrix-dark", "map", "#map-matrix", 1280, 900, "dark"));
}
