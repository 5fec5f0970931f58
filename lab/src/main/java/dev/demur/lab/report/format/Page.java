package dev.demur.lab.report.format;

import dev.demur.lab.report.Chart;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/// Puts content, style, scripts and chart values into the page template.
final class Page {

  private static final JsonMapper JSON = JsonMapper.shared();

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z-]+)}}");

  /// The version is part of the path inside the webjar; the build's version must match.
  private static final String ECHARTS = "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";

  private Page() {}

  static String write(String title, List<Html> body, List<Chart> charts) {
    String library = charts.isEmpty() ? "" : resource(ECHARTS);
    String script = resource("report.js");
    var parts =
        Map.of(
            "title", Html.escape(title),
            "style", resource("report.css"),
            "policy", "'" + hash(library) + "' '" + hash(script) + "'",
            "content", Html.write(body),
            "charts", islands(charts),
            "library", library,
            "script", script);
    // One pass: a placeholder inside content stays what it is.
    return PLACEHOLDER
        .matcher(resource("report.html"))
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    Optional.ofNullable(parts.get(match.group(1))).orElseThrow()));
  }

  /// The chart values as JSON in elements that browsers do not run. `<` cannot occur, so no string
  /// can end the element.
  private static String islands(List<Chart> charts) {
    var out = new StringBuilder();
    for (var chart : charts) {
      out.append("<script type=\"application/json\" id=\"chart-")
          .append(Html.slug(chart.id()))
          .append("\">")
          .append(JSON.writeValueAsString(chart.option()).replace("<", "\\u003c"))
          .append("</script>\n");
    }
    return out.toString();
  }

  private static String hash(String script) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            name + " is not on the class path; build Demur with its dependencies.");
      }
      // Browsers hash scripts with line ends as \n.
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
