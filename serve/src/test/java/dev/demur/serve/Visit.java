package dev.demur.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Browser;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/// Somebody who looks at the playground, clicks and types.
///
/// @param browser they use
record Visit(Browser browser) {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Opens a page of its own: a link's fragment alone would not load it anew.
  void open(String url) throws IOException, InterruptedException {
    browser.open(URI.create("about:blank"));
    browser.open(URI.create(url));
  }

  /// Waits until the page has asked what it needs.
  void untilReady() throws IOException, InterruptedException {
    until("document.querySelector('#verdict').textContent !== ''");
  }

  JsonNode value(String expression) throws IOException, InterruptedException {
    return browser.evaluate(expression);
  }

  /// How many elements there are.
  int count(String selector) throws IOException, InterruptedException {
    return value("document.querySelectorAll('%s').length".formatted(selector)).asInt();
  }

  void until(String condition) throws IOException, InterruptedException {
    until(condition, PATIENCE);
  }

  void until(String condition, Duration patience) throws IOException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!browser.evaluate(condition).asBoolean()) {
      assertThat(System.nanoTime())
          .as("%s; the page says: %s", condition, text("body"))
          .isLessThan(end);
      Thread.sleep(20);
    }
  }

  void click(String selector) throws IOException, InterruptedException {
    browser.evaluate("document.querySelector('%s').click()".formatted(selector));
  }

  void type(String selector, String value) throws IOException, InterruptedException {
    browser.evaluate(
        """
        (() => {
          const field = document.querySelector('%s');
          field.value = %s;
          field.dispatchEvent(new Event('input', {bubbles: true}));
        })()
        """
            .formatted(selector, TestServer.JSON.writeValueAsString(value)));
  }

  String text(String selector) throws IOException, InterruptedException {
    return browser
        .evaluate("document.querySelector('%s').innerText".formatted(selector))
        .asString();
  }

  void untilWritten() throws IOException, InterruptedException {
    until(
        "document.querySelector('#stop').disabled && "
            + "document.querySelectorAll('#edited .tokens span').length > 0");
  }
}
