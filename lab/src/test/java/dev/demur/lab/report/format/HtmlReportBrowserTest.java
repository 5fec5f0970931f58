package dev.demur.lab.report.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Browser;
import dev.demur.lab.report.study.ComparisonReportTest;
import dev.demur.lab.report.study.SampleStudies;
import dev.demur.lab.report.study.StudyReport;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.study.StudyResult;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
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
/// `-Ddemur.chromium=PATH` where it is not `/usr/bin/chromium`.
@Tag("browser")
class HtmlReportBrowserTest {

  private static Browser browser;

  @TempDir private Path folder;

  @BeforeAll
  static void startBrowser() throws Exception {
    browser = Browser.start();
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
      for (int width : List.of(360, 390, 1280)) {
        browser.window(width, 900, scheme);
        browser.open(write(study));
        browser.unfold();
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
        assertThat(browser.faults()).as(width + " px, " + scheme).isEmpty();
      }
    }
    browser.sheet();
    browser.open(write(study));
    assertThat(browser.faults()).as("on paper").isEmpty();
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

  // E: no export of a chart.
  @Test
  void savesEveryChartAsSvgAndCsv() throws Exception {
    browser.open(write(SampleStudies.hostile()));
    browser.evaluate(
        "window.kept = []; URL.createObjectURL = b => { kept.push(b); return 'data:,'; };"
            + "HTMLAnchorElement.prototype.click = () => {};"
            + "document.querySelectorAll('.save button').forEach(b => b.click())");
    var saved = new ArrayList<String>();
    browser
        .evaluate("Promise.all(kept.map(b => b.text()))")
        .forEach(text -> saved.add(text.stringValue()));
    int charts = StudyReport.of(SampleStudies.hostile(), List.of()).charts().size();
    assertThat(saved).hasSize(2 * charts);
    for (int i = 0; i < saved.size(); i += 2) {
      assertThat(saved.get(i)).startsWith("<svg ").contains("xmlns=").doesNotContain("<script");
      var rows = CSVFormat.RFC4180.parse(new StringReader(saved.get(i + 1))).getRecords();
      assertThat(rows.getFirst().toList()).containsExactly("series", "point", "x", "y", "value");
      assertThat(rows.size()).isGreaterThan(2);
      assertThat(rows)
          .allSatisfy(row -> assertThat(row.toList()).hasSize(5))
          .allSatisfy(row -> assertThat(row.get(0)).doesNotStartWith("="));
    }
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.requests()).isEmpty();
  }

  @Test
  void drawsComparisonsWithoutComplaint() throws Exception {
    var report = ComparisonReportTest.report();
    ReportFiles.write(report, RunFolder.at(folder));
    browser.window(360, 900, "light");
    browser.open(folder.resolve("report.html"));
    assertThat(browser.complaints()).isEmpty();
    assertThat(number("document.querySelectorAll('.chart svg').length"))
        .isEqualTo(report.charts().size());
    assertThat(browser.faults()).isEmpty();
  }

  // E: no interval bands. A band that is stacked along the wrong axis does not lie around its
  // curve.
  @Test
  void bandsLieAroundTheirCurve() throws Exception {
    browser.window(1280, 900, "light");
    browser.open(write(SampleStudies.direction()));
    String ends =
        "(() => { const chart = echarts.getInstanceByDom("
            + "document.querySelector('[data-chart=chart-dose-response]'));"
            + "const all = chart.getModel().getSeries();"
            + "const y = (s, i) => s.getData().getLayout('points')[2 * i + 1];"
            + "return all[0].getData().mapArray('x', (_, i) => i)"
            + ".filter(i => !(y(all[1], i) > y(all[0], i) && y(all[2], i) < y(all[0], i))).length"
            + "})()";
    assertThat(number(ends)).as("points outside of their band").isZero();
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

  private Path write(StudyResult study) throws Exception {
    ReportFiles.write(study, SampleStudies.examples(), RunFolder.at(folder));
    return folder.resolve("report.html");
  }

  private static int number(String expression) throws Exception {
    return browser.evaluate(expression).asInt();
  }
}
