package dev.demur.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Browser;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// "Measure it" in the playground of the demo model, in a real browser. With
/// `-Ddemur.pictures=FOLDER` it leaves pictures there.
@Tag("browser")
class MeasureBrowserTest {

  /// A study of the embedded model takes tens of seconds on a loaded machine.
  private static final Duration STUDY = Duration.ofMinutes(5);

  @TempDir private static Path folder;

  private static Browser browser;
  private static Visit visit;
  private static TestServer demo;

  @BeforeAll
  static void open() throws Exception {
    browser = Browser.start();
    visit = new Visit(browser);
    demo = TestServer.openWithStudies(folder);
  }

  @AfterAll
  static void close() throws Exception {
    demo.close();
    browser.close();
  }

  @AfterEach
  void nothingWasComplainedOfAndNobodyElseAsked() {
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.requests()).allSatisfy(url -> assertThat(url).startsWith(demo.url("/")));
  }

  private static void page() throws Exception {
    browser.window(1280, 900, "light");
    visit.open(demo.url("/#prompt=Hello"));
    visit.untilReady();
  }

  @Test
  void aStudyIsStartedWatchedAndLinked() throws Exception {
    page();
    browser.unfold();
    visit.click("#study");
    visit.until("document.querySelector('#measure-state a') !== null", STUDY);
    assertThat(visit.text("#measure-state")).contains("was selected");
    assertThat(report()).contains("<html");
  }

  private static String report() throws Exception {
    String path =
        visit.value("document.querySelector('#measure-state a').getAttribute('href')").asString();
    return demo.get("/" + path).body();
  }

  @Test
  void whatIsSeenIsMeasuredAndSaidInWords() throws Exception {
    page();
    browser.unfold();
    assertThat(visit.value("document.querySelector('#trial').disabled").asBoolean()).isTrue();
    visit.type("#policy", "ablate r");
    assertThat(visit.text("#tried")).isEqualTo("Tried: ablate r.");
    visit.type("#limit", "8");
    visit.click("#trial");
    visit.until("document.querySelector('#measure-state a') !== null", STUDY);
    assertThat(visit.text("#measure-state")).contains("ablate r: takes refusal out");
    assertThat(visit.count("#measured ol")).isEqualTo(4);
    assertThat(visit.text("#measured ol")).contains("unedited", "ablate r (random)", "points (");
    assertThat(report()).contains("Demur trial");
    picture(1280, "light", "measure.webp", 760);
    picture(390, "dark", "measure-phone-dark.webp", 1000);
  }

  private static void picture(int width, String scheme, String name, int height) throws Exception {
    Path pictures = Browser.pictures(folder);
    browser.window(width, 900, scheme);
    assertThat(browser.faults()).as(width + " px, " + scheme).isEmpty();
    browser.screenshot(pictures.resolve(name), "#measure", height);
  }

  @Test
  void aServerWithoutAFolderSaysHowToMeasure() throws Exception {
    visit.open(TestServer.shared().url("/#prompt=Hello"));
    visit.untilReady();
    browser.unfold();
    assertThat(visit.text("#measure")).contains("demur serve --studies runs");
    assertThat(visit.value("document.querySelector('#measure-open').hidden").asBoolean()).isTrue();
    page();
  }
}
