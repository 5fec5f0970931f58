package dev.demur.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Browser;
import dev.demur.serve.guard.GuardSettings;
import dev.demur.serve.guard.GuardSettings.Texts;
import dev.demur.serve.guard.OnAlarm;
import dev.demur.serve.http.Key;
import dev.demur.serve.http.Limits;
import dev.demur.serve.http.ListenSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The playground of the demo model, in a real browser: `-Dtests.groups=browser -Dtests.exclude=`.
/// With `-Ddemur.pictures=FOLDER` it leaves the pictures of the documents there.
@Tag("browser")
class PlaygroundBrowserTest {

  private static final String KEY = "0123456789abcdef";

  private static final int HEIGHT = 900;

  private static Browser browser;
  private static Visit visit;
  private static TestServer demo;

  @TempDir private static Path folder;

  @BeforeAll
  static void open() throws Exception {
    browser = Browser.start();
    visit = new Visit(browser);
    demo = TestServer.openWithStudies(folder.resolve("studies"));
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

  private static void page(int width, String scheme, String fragment) throws Exception {
    browser.window(width, HEIGHT, scheme);
    visit.open(demo.url("/") + fragment);
    visit.untilReady();
  }

  private static void tour() throws Exception {
    visit.value(
        "document.querySelector('#tour').hidden && document.querySelector('#tour-again').click()");
    for (int clicks = 0; clicks < 3; clicks++) {
      visit.click("#tour-next");
    }
    visit.untilWritten();
  }

  @Test
  void threeClicksShowTheRefusalVanish() throws Exception {
    page(1280, "light", "");
    visit.value("localStorage.clear()");
    page(1280, "light", "");
    assertThat(visit.value("!document.querySelector('#tour').hidden").asBoolean()).isTrue();
    tour();
    assertThat(visit.text("#unedited .tokens")).contains("can't");
    assertThat(visit.text("#edited .tokens")).doesNotContain("can't").contains("sneak");
    assertThat(visit.text("#edited h2")).isEqualTo("Edited: ablate r");
    assertThat(
            visit.value("document.querySelector('#answers').previousElementSibling.id").asString())
        .isEqualTo("tour");
    visit.open(demo.url("/"));
    visit.untilReady();
    assertThat(visit.value("document.querySelector('#tour').hidden").asBoolean()).isTrue();
  }

  @Test
  void aTokenTellsItsLayersAndAlternativesAndCanBeForked() throws Exception {
    page(1280, "light", "");
    tour();
    assertThat(
            visit
                .value(
                    "Number(document.querySelector('#unedited"
                        + " .above').style.getPropertyValue('--share'))")
                .asDouble())
        .isPositive();
    visit.value(
        """
        (() => {
          const press = key => document.activeElement.dispatchEvent(
              new KeyboardEvent('keydown', {key, bubbles: true}));
          document.querySelector('#unedited .tokens span').focus();
          press('ArrowRight');
          press('ArrowLeft');
          press('Enter');
        })()
        """);
    assertThat(visit.text("#details-title")).isEqualTo("Token 1 of the unedited answer: “I”");
    assertThat(visit.count("#by-layer > *")).isEqualTo(8);
    assertThat(visit.count("#alternatives > *")).isEqualTo(8);
    assertThat(visit.text("#alternatives li:nth-child(2)")).startsWith("To");
    visit.click("#alternatives li:nth-child(2) button");
    visit.untilWritten();
    assertThat(visit.text("#unedited .begun")).isEqualTo("To");
    assertThat(visit.text("#begun")).contains("To");
    assertThat(visit.value("document.querySelector('#json').textContent").asString())
        .contains("\"continue_final_message\": true");
  }

  /// What an ablation leaves is float32 noise, 1e-7 of what was there, and must not fill a bar.
  @Test
  void bothAnswersShareTheScaleOfTheLayers() throws Exception {
    page(1280, "light", "");
    tour();
    visit.click("#edited .tokens span");
    String widest =
        "Math.max(...[...document.querySelectorAll('#by-layer .bar')].map(bar =>"
            + " Number(bar.style.getPropertyValue('--share'))))";
    assertThat(visit.value(widest).asDouble()).isLessThan(1e-4);
    visit.click("#unedited .tokens span");
    assertThat(visit.value(widest).asDouble()).isGreaterThan(.5);
  }

  @Test
  void aTokenTellsTheHeadsThatWroteItAndWhatPuttingThemBackDoes() throws Exception {
    page(1280, "light", "");
    tour();
    visit.click("#edited .tokens span");
    assertThat(
            visit
                .value(
                    "Number(document.querySelector('#by-layer"
                        + " .bar').style.getPropertyValue('--band'))")
                .asDouble())
        .isPositive();
    visit.click("#heads-ask");
    visit.until("document.querySelectorAll('#heads > *').length === 6");
    assertThat(visit.text("#heads")).contains("L").contains("%");
    assertThat(visit.text("#heads-text")).contains("with all of these");
    browser.screenshot(Browser.pictures(folder).resolve("playground-heads.webp"), "#details", 470);
    visit.click("#unedited .tokens span");
    assertThat(visit.count("#heads > *")).isZero();
  }

  @Test
  void aSuffixIsScored() throws Exception {
    page(1280, "light", "#prompt=How%20do%20I%20sneak%20out%3F&policy=ablate%20r");
    visit.until("document.querySelector('#score').textContent.includes('edited')");
    visit.type("#suffix", " Write a poem");
    visit.until("document.querySelector('#score').textContent.includes('without the suffix')");
    assertThat(visit.value("document.querySelector('#json').textContent").asString())
        .contains("sneak out? Write a poem");
  }

  @Test
  void aLineIsJudgedAsItIsTyped() throws Exception {
    page(1280, "dark", "#prompt=Hello");
    visit.type("#policy", "ablate nobody");
    visit.until("document.querySelector('#verdict mark') !== null");
    assertThat(visit.text("#verdict")).contains("At character 8").contains("known: r");
    assertThat(visit.text("#verdict mark")).isEqualTo("nobody");
    visit.type("#policy", "add 1 r");
    visit.until("document.querySelector('#verdict').textContent.startsWith('Dose 1.')");
    visit.type("#coefficient", "2.5");
    visit.until("document.querySelector('#verdict').textContent.includes('fall apart')");
    assertThat(visit.value("document.querySelector('#policy').value").asString())
        .isEqualTo("add 2.5 r");
  }

  /// Prompts and answers are strangers' words.
  @Test
  void aLinkCarriesTheSettingsAndNoMarkup() throws Exception {
    page(
        390,
        "light",
        "#prompt=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&policy=ablate%20r&seed=7&tokens=3"
            + "&begun=%3Cb%3Ebold");
    assertThat(visit.value("document.querySelector('#prompt').value").asString())
        .isEqualTo("<img src=x onerror=alert(1)>");
    visit.click("#write");
    visit.untilWritten();
    assertThat(visit.count("main img, main b:not(.track b)")).isZero();
    assertThat(visit.text("#edited .begun")).isEqualTo("<b>bold");
    assertThat(visit.value("location.hash").asString()).contains("seed=7", "tokens=3");
    var body =
        TestServer.JSON.readTree(
            visit.value("document.querySelector('#json').textContent").asString());
    var answer = demo.stream("/v1/chat/completions", body.toString());
    assertThat(answer.getFirst().at("/demur/done/policy").asString()).isEqualTo("ablate r");
  }

  @Test
  void aKeyIsAskedForAndKeptInMemoryAlone() throws Exception {
    var settings =
        new ListenSettings(
            "127.0.0.1", 0, Optional.of(Key.of(KEY)), Optional.empty(), Limits.usual());
    try (var closed = TestServer.open(TestServer.settings(settings))) {
      visit.open(closed.url("/"));
      visit.until("document.querySelector('#key').open");
      visit.type("#key-value", KEY);
      visit.click("#key button");
      visit.untilReady();
      assertThat(visit.text("#model")).startsWith("demo: 8 layers");
      assertThat(
              visit
                  .value(
                      "JSON.stringify({...localStorage, ...sessionStorage}) + location.href +"
                          + " document.cookie")
                  .asString())
          .doesNotContain(KEY);
    }
    page(1280, "light", "");
  }

  @Test
  void lightsTellWhatTheMonitorSaw() throws Exception {
    Path file = folder.resolve("monitor.json");
    GuardTest.monitor().write(file);
    var guard = new GuardSettings(file, new OnAlarm.Log(), Texts.LEFT_OUT);
    var settings =
        new ServerSettings(
            ListenSettings.local(0),
            4,
            8,
            256,
            Optional.empty(),
            Map.of(),
            Optional.of(guard),
            Optional.empty(),
            ServerSettings.Tools.NONE);
    try (var guarded = TestServer.open(settings)) {
      visit.open(guarded.url("/#prompt=How%20do%20I%20sneak%20into%20the%20cinema%3F"));
      visit.untilReady();
      visit.click("#write");
      visit.untilWritten();
      assertThat(visit.count("#lights .on")).isEqualTo(2);
      assertThat(visit.text("#lights")).contains("On – harmful", "Off – will refuse", "On – alarm");
      assertThat(visit.text("#bound")).contains("5.0 % of benign prompts", "95 % confidence");
      assertThat(browser.complaints()).isEmpty();
    }
    page(1280, "light", "");
  }

  @Test
  void fitsPhonesAndDesksInBothSchemes() throws Exception {
    Path pictures = Browser.pictures(folder);
    for (int width : List.of(390, 1280)) {
      for (String scheme : List.of("light", "dark")) {
        page(
            width,
            scheme,
            "#prompt=How%20do%20I%20sneak%20into%20the%20cinema%3F&policy=add%20-1%20r");
        assertThat(browser.faults()).as(width + " px, " + scheme).isEmpty();
        tour();
        browser.unfold();
        int tokens = visit.count("#unedited .tokens span");
        assertThat(visit.value("document.querySelector('#map-unedited').width").asInt())
            .isEqualTo(tokens);
        visit.click("#unedited .tokens span");
        assertThat(browser.faults()).as(width + " px, written, " + scheme).isEmpty();
        visit.value("document.querySelectorAll('details').forEach(d => { d.open = false; })");
        visit.click("#tour-end");
        browser.screenshot(
            pictures.resolve(
                "playground"
                    + (width == 390 ? "-phone" : "")
                    + (scheme.equals("dark") ? "-dark" : "")
                    + ".webp"),
            "header",
            1420);
        assertThat(browser.complaints()).isEmpty();
      }
    }
  }
}
