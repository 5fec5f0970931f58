package dev.demur.lab.report.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.report.ComparisonReport;
import dev.demur.lab.report.ComparisonReportTest;
import dev.demur.lab.report.SampleStudies;
import dev.demur.lab.report.StudyReport;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.study.StudyResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Opens reports in a real browser: `-Dtests.groups=browser -Dtests.exclude=`, with
/// `-Ddemur.chromium=PATH` where it is not `/usr/bin/chromium`. With `-Ddemur.screenshots=FOLDER`
/// it leaves pictures there.
@Tag("browser")
class HtmlReportBrowserTest {

  private static final Path CHROMIUM =
      Path.of(System.getProperty("demur.chromium", "/usr/bin/chromium"));

  private static Browser browser;

  @TempDir private Path folder;

  @BeforeAll
  static void startBrowser() throws Exception {
    assertThat(CHROMIUM)
        .as("a Chromium for these tests: install one or name it by -Ddemur.chromium=PATH")
        .isExecutable();
    browser = Browser.start(CHROMIUM);
  }

  @AfterAll
  static void stopBrowser() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  static Stream<StudyResult> studies() {
    return Stream.of(
        SampleStudies.direction(),
        SampleStudies.noBehaviour(),
        SampleStudies.noCandidate(),
        SampleStudies.hostile());
  }

  @ParameterizedTest
  @MethodSource("studies")
  void drawsEveryChartWithoutComplaintOrRequest(StudyResult study) throws Exception {
    for (String scheme : List.of("light", "dark")) {
      for (int width : List.of(360, 1280)) {
        browser.window(width, 900, scheme);
        browser.open(write(study));
        int charts = StudyReport.of(study, List.of()).charts().size();
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).isEmpty();
        assertThat(number("document.querySelectorAll('.chart svg').length")).isEqualTo(charts);
        assertThat(
                number(
                    "[...document.querySelectorAll('.chart svg')].filter("
                        + "svg => svg.querySelectorAll('path').length < 3).length"))
            .as("charts without a drawing")
            .isZero();
        assertThat(number("document.documentElement.scrollWidth - innerWidth"))
            .as("sideways scrolling at width " + width)
            .isNotPositive();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("studies")
  void showsTheNumbersOfReportJson(StudyResult study) throws Exception {
    browser.open(write(study));
    JsonNode tables =
        JsonMapper.shared().readTree(Files.readString(folder.resolve("report.json"))).get("tables");
    for (var table : tables.properties()) {
      String cells =
          "[...document.querySelectorAll('[data-table=\"%s\"] tbody [data-key]')].flatMap("
              + "c => [c.dataset.value, c.dataset.low, c.dataset.high])"
              + ".filter(v => v !== undefined).map(Number)";
      var shown = new ArrayList<Double>();
      browser.evaluate(cells.formatted(table.getKey())).forEach(v -> shown.add(v.asDouble()));
      var expected = new ArrayList<Double>();
      table
          .getValue()
          .forEach(
              row ->
                  row.values().stream()
                      .filter(JsonNode::isNumber)
                      .forEach(v -> expected.add(v.asDouble())));
      assertThat(shown).as(table.getKey()).isEqualTo(expected);
    }
  }

  @Test
  void drawsComparisonsWithoutComplaint() throws Exception {
    var report = ComparisonReport.of(ComparisonReportTest.runs());
    ReportFiles.write(report, RunFolder.at(folder));
    browser.window(360, 900, "light");
    browser.open(folder.resolve("report.html"));
    assertThat(browser.complaints()).isEmpty();
    assertThat(number("document.querySelectorAll('.chart svg').length"))
        .isEqualTo(report.charts().size());
    assertThat(number("document.documentElement.scrollWidth - innerWidth")).isNotPositive();
  }

  @Test
  void showsShareAndTextAlike() throws Exception {
    browser.open(write(SampleStudies.direction()));
    assertThat(
            number(
                "[...document.querySelectorAll('[data-table=rates] [data-key=share]')].filter("
                    + "c => Math.abs(parseFloat(c.textContent) - 100 * c.dataset.value) > 0.05)"
                    + ".length"))
        .isZero();
  }

  @Test
  void hasLandmarksHeadingsAndNamesForEveryDrawing() throws Exception {
    browser.open(write(SampleStudies.direction()));
    assertThat(number("document.querySelectorAll('main, nav[aria-label], header, footer').length"))
        .isEqualTo(4);
    assertThat(number("document.querySelectorAll('h1').length")).isEqualTo(1);
    assertThat(number("document.querySelectorAll('section:not([aria-labelledby])').length"))
        .isZero();
    assertThat(number("document.querySelectorAll('table:not(:has(caption))').length")).isZero();
    assertThat(number("document.querySelectorAll('.chart:not([role=img][aria-label])').length"))
        .isZero();
    assertThat(number("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size"))
        .isEqualTo(number("document.querySelectorAll('[id]').length"));
  }

  @Test
  void leavesPicturesWhereAsked() throws Exception {
    String wanted = System.getProperty("demur.screenshots", "");
    Path pictures = wanted.isEmpty() ? folder : Files.createDirectories(Path.of(wanted));
    for (String scheme : List.of("light", "dark")) {
      browser.window(1280, 900, scheme);
      browser.open(write(SampleStudies.direction()));
      browser.screenshot(pictures.resolve("report-" + scheme + ".png"));
    }
    browser.print(pictures.resolve("report.pdf"));
    assertThat(pictures.resolve("report.pdf")).isNotEmptyFile();
  }

  private Path write(StudyResult study) throws Exception {
    ReportFiles.write(study, SampleStudies.examples(), RunFolder.at(folder));
    return folder.resolve("report.html");
  }

  private static int number(String expression) throws Exception {
    return browser.evaluate(expression).asInt();
  }
}
