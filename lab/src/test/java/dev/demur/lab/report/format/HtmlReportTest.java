package dev.demur.lab.report.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.report.Chart;
import dev.demur.lab.report.study.SampleStudies;
import dev.demur.lab.report.study.StudyReport;
import dev.demur.lab.study.StudyResult;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HtmlReportTest {

  private static final Pattern SCRIPT = Pattern.compile("<script[^>]*>");

  static Stream<StudyResult> studies() {
    return Stream.of(
        SampleStudies.direction(),
        SampleStudies.noBehaviour(),
        SampleStudies.noCandidate(),
        SampleStudies.hostile());
  }

  private static String page(StudyResult study) {
    return HtmlReport.write(StudyReport.of(study, SampleStudies.examples()));
  }

  @ParameterizedTest
  @MethodSource("studies")
  void holdsExactlyTheNumbersOfReportJson(StudyResult study) {
    String page = page(study);
    JsonNode tables = JsonMapper.shared().readTree(JsonReport.write(study)).get("tables");
    assertThat(tables.size()).isPositive();
    for (var table : tables.properties()) {
      assertThat(numbersInPage(page, table.getKey()).toString())
          .as(table.getKey())
          .isEqualTo(numbersInJson(table.getValue()).toString());
    }
  }

  @Test
  void letsNothingFromOutsideBecomeMarkup() {
    String page = page(SampleStudies.hostile());
    var charts = StudyReport.of(SampleStudies.hostile(), List.of()).charts();
    var scripts = SCRIPT.matcher(page).results().map(r -> r.group()).toList();
    assertThat(scripts).hasSize(charts.size() + 2);
    assertThat(scripts.stream().filter("<script>"::equals)).hasSize(2);
    String content = page.substring(0, page.indexOf("<script"));
    assertThat(content).doesNotContain("<img").doesNotContain("<b>loud</b>");
    assertThat(content).contains("&lt;img src=x onerror=alert(1)&gt;").contains("{{style}}");
  }

  @ParameterizedTest
  @MethodSource("studies")
  void asksForNothingFromOutside(StudyResult study) {
    String page = page(study);
    assertThat(page).contains("default-src 'none'");
    assertThat(page.substring(0, page.indexOf("<script")))
        .doesNotContain("src=\"")
        .doesNotContain("url(")
        .doesNotContain("@import");
  }

  // E: one chart for several judges, dose and response, bypass against KL, norm and separation.
  @Test
  void drawsOnlyWhatThereIs() {
    assertThat(ids(SampleStudies.noBehaviour())).containsExactly("screen-scores", "rates");
    assertThat(ids(SampleStudies.noCandidate()))
        .contains("map-kl", "lines-kl", "map-induce")
        .doesNotContain("map-bypass", "lines-induce");
    assertThat(ids(SampleStudies.direction()))
        .containsExactly(
            "map-bypass",
            "lines-bypass",
            "map-induce",
            "lines-induce",
            "map-kl",
            "lines-kl",
            "map-norm",
            "map-separation",
            "bypass-kl",
            "rates",
            "dose-response",
            "rates-by-setting",
            "screen-scores");
  }

  @Test
  void saysWhatItDoesNotShowInEveryCase() {
    studies().forEach(study -> assertThat(page(study)).contains("What it does not show"));
    assertThat(page(SampleStudies.noBehaviour())).contains("None was selected");
  }

  @Test
  void showsCompletionsOnlyWhenGiven() {
    String without = HtmlReport.write(StudyReport.of(SampleStudies.direction(), List.of()));
    assertThat(without).doesNotContain("id=\"examples\"");
    assertThat(page(SampleStudies.direction())).contains("trombone is heard in three counties");
  }

  // E: the headline was a bypass score.
  @Test
  void opensWithRates() {
    assertThat(page(SampleStudies.direction()).replace('\u00a0', ' '))
        .contains(
            "<p class=\"lead\">Refuses 93 % → 2 % of harmful prompts with the direction ablated,"
                + " 1 % → 97 % of harmless prompts with it added.</p>");
  }

  // E: completions were one below the other.
  @Test
  void laysCompletionsSideBySide() {
    String page = page(SampleStudies.direction());
    int start = page.indexOf("<div class=\"completions\">");
    assertThat(page.substring(start, page.indexOf("</article>", start)))
        .contains("<h4>unedited</h4>", "<h4>direction ablated</h4>");
  }

  @Test
  void tellsHowToCite() {
    assertThat(page(SampleStudies.direction()))
        .contains("@article{arditi2024refusal", "@misc{demur", "weights SHA-256");
  }

  @Test
  void isTheSameToTheByteWhenWrittenTwice() {
    assertThat(page(SampleStudies.direction())).isEqualTo(page(SampleStudies.direction()));
  }

  private static List<String> ids(StudyResult study) {
    return StudyReport.of(study, List.of()).charts().stream().map(Chart::id).toList();
  }

  private static List<Double> numbersInPage(String page, String table) {
    int start = page.indexOf("data-table=\"" + table + "\"");
    assertThat(start).as("table " + table).isPositive();
    String markup = page.substring(start, page.indexOf("</table>", start));
    Matcher values = Pattern.compile("data-(?:value|low|high)=\"([^\"]+)\"").matcher(markup);
    return values.results().map(r -> Double.valueOf(r.group(1))).toList();
  }

  private static List<Double> numbersInJson(JsonNode rows) {
    var numbers = new ArrayList<Double>();
    for (var row : rows) {
      row.values().stream().filter(JsonNode::isNumber).forEach(v -> numbers.add(v.asDouble()));
    }
    return numbers;
  }
}
