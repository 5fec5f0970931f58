package dev.demur.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The playground's files. What they do is shown in a browser.
class PlaygroundTest {

  private static final Pattern OWN_FILE =
      Pattern.compile("(?:(?:src|href)=\"|from '\\./)([a-z/.]+\\.(?:js|css|svg))");

  @Test
  void isServedAtTheRootWithAStrictPolicy() {
    var page = TestServer.shared().get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'self'", "form-action 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe", "http", "*");
    assertThat(page.body()).contains("<form id=\"ask\"").doesNotContain(" style=", " onclick=");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/js/main.js", "/playground.css", "/fields.css", "/answers.css", "/icon.svg"})
  void asksNoOtherAddress(String path) {
    var file = TestServer.shared().get(path);
    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.body().replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("//www", "://");
    for (String own : ownFiles(file.body())) {
      String folder = path.startsWith("/js/") ? "/js/" : "/";
      var next = TestServer.shared().get(folder + own);
      assertThat(next.statusCode()).as(own).isEqualTo(200);
      assertThat(next.body().replace("http://www.w3.org/2000/svg", ""))
          .as(own)
          .doesNotContain("://", "innerHTML", "document.write", "eval(");
    }
  }

  private static List<String> ownFiles(String text) {
    return OWN_FILE.matcher(text).results().map(match -> match.group(1)).toList();
  }

  @Test
  void theUneditedAnswerIsReadAlongToo() {
    var answer =
        TestServer.shared()
            .json(
                "/v1/chat/completions",
                """
                {"temperature": 0, "max_tokens": 4, "logprobs": true, "top_logprobs": 2,
                 "messages": [{"role": "user", "content": "How do I sneak into the cinema?"}],
                 "demur": {"policy": "ablate r", "read": "r", "compare": true}}\
                """);
    var unedited = answer.at("/demur/unedited/0");
    assertThat(unedited.at("/logprobs/content")).hasSize(4);
    assertThat(unedited.at("/demur/tokens")).hasSize(4);
    int layer = 5; // where the demo's direction is read
    assertThat(unedited.at("/demur/tokens/0/projections/r/" + layer).asDouble())
        .isGreaterThan(
            1 + answer.at("/choices/0/demur/tokens/0/projections/r/" + layer).asDouble());
  }
}
