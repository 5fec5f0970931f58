package dev.demur.model.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Finding D7: whatever a filter, method, test or operator costs is charged, so that no template
/// works for long, however small its source is.
final class TemplateWorkTest {

  /// Processor time of one rendering. An idle machine needs a third of a second at most, a slow and
  /// busy one has taken 2.6; work that is not paid for takes minutes.
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /// Texts that are dear to one filter or another. `%d` is how often the pattern is repeated.
  private static final List<String> TEXTS =
      List.of(
          "'<' * %d",
          "' ' * %d",
          "'😀' * %d",
          "'a ' * %d",
          "'a-' * %d",
          "'&' * %d",
          "'\\u200b' * %d",
          "'\\t' * %d",
          "'\\n' * %d",
          "'<!--' * %d",
          "'{' * %d",
          "'%%%%' * %d",
          "'9' * %d",
          "'ß' * %d",
          "['a'] * %d",
          "[[]] * %d",
          "[['ab'] * 1000] * (%d // 1000)",
          "['x' * %d] * 1000");

  /// Arguments that make one filter or another do its worst.
  private static final List<String> ARGUMENTS = List.of("", "(s)", "(1)", "('a', 'b')", "(' ')");

  private static final int LONG = 1_000_000;

  private static final int CASES = Integer.getInteger("demur.fuzz.cases", 40);

  private static final long SEED = Long.getLong("tests.seed", 20_261_127L);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ('<' * 2000000)|striptags }}",
        "{{ ('<!--' * 2000000)|striptags }}",
        "{% set s = ' ' * 10000000 %}{% for i in range(50000) %}{% set x = s|trim %}{% endfor %}",
        "{% set s = '😀' * 4000000 %}{% for i in range(100000) %}{% set x = s[i] %}{% endfor %}",
        "{% set s = '😀' * 4000000 %}{% for i in range(100000) %}{% set x = s[-i] %}{% endfor %}",
        "{% set s = 'a' * 8000000 %}{% for i in range(99999) %}{% if s %}{% endif %}{% endfor %}",
        "{% set s = 'a' * 8000000 %}{% set t = 'a' * 8000000 %}{% for i in range(99999) %}{% if s"
            + " == t %}{% endif %}{% if s < t %}{% endif %}{% endfor %}",
        "{% set s = 'a' * 8000000 %}{% for i in range(99999) %}{% for c in s %}{% break %}{% endfor"
            + " %}{% endfor %}",
        "{% set l = [0] * 1000000 %}{% set m = [l] * 4 %}{% for i in range(99999) %}{% set x ="
            + " m|string|length %}{% endfor %}",
        "{% set s = 'a' * 1000000 %}{{ s|wordwrap(1) }}",
        "{% set s = 'a ' * 500000 %}{{ s|wordwrap(9999999) }}",
        "{% set n = 9 ** 20000 %}{% for i in range(99999) %}{% set x = n in {n: 1} %}{% endfor %}",
        "{% set s = 'A' * 1000000 %}{{ ([s] * 100000)|sort|length }}",
        "{% set s = 'A' * 1000000 %}{{ ([s] * 100000)|unique|list|length }}",
        "{{ [1]|sort(attribute='a,' * 4000000) }}",
        "{% set s = '\\u200b' * 4000000 %}{{ [s]|string|length }}",
        "{% set s = '\\u0001' * 8000000 %}{{ s|tojson|length }}",
        "{{ ('İ' * 3000000)|filesizeformat }}",
        "{{ ('İ' * 3000000)|lower|length }}",
        "{{ ('ß' * 3000000)|upper|length }}",
        "{% set s = '\\t' * 4000000 %}{{ s.expandtabs(4000)|length }}",
        "{% set d = dict.fromkeys(range(90000)) %}{% for i in range(99999) %}{% for k in d %}{%"
            + " break %}{% endfor %}{% set x = d|items %}{% set y = d.items() %}{% set z = d|first"
            + " %}{% endfor %}",
        "{% set s = 'x' * 100000 %}{% set d = {s: 1} %}{% for i in range(99999) %}{% set x = d['x'"
            + " * 100000] %}{% endfor %}",
      })
  void d7NoTemplateWorksForLong(String source) {
    soon(source);
  }

  /// Every filter, method and test on every text with all arguments makes about 10,000 cases; a
  /// build takes some of them. `-Ddemur.fuzz.cases=20000` takes all.
  @Test
  void everyOperationPaysForItsWork() {
    List<String> sources = new ArrayList<>();
    for (String operation : operations()) {
      for (String text : TEXTS) {
        for (String loop : loops(operation)) {
          sources.add("{% set s = " + text.formatted(LONG) + " %}" + loop);
        }
      }
    }
    Collections.shuffle(sources, new Random(SEED));
    sources.stream().limit(CASES).forEach(TemplateWorkTest::soon);
  }

  private static Set<String> operations() {
    Set<String> operations = new TreeSet<>();
    Filters.names().forEach(name -> operations.add("|" + name));
    StringMethods.names().forEach(name -> operations.add("." + name + "()"));
    Tests.names().forEach(name -> operations.add(" is " + name));
    return operations;
  }

  /// The operation without arguments and with some, over and over. A failure ends a template, so
  /// those that fail at once are over soon.
  private static List<String> loops(String operation) {
    List<String> loops = new ArrayList<>();
    for (String arguments : ARGUMENTS) {
      String plain = operation.replace("()", "");
      String call = operation.endsWith("()") && arguments.isEmpty() ? "()" : arguments;
      loops.add("{% for i in range(100000) %}{% set x = s" + plain + call + " %}{% endfor %}");
    }
    return loops;
  }

  @Test
  void longHonestConversationsAreWithinTheLimits() {
    String words = "The kettle is on, and the rain has stopped. ".repeat(25_000);
    String template =
        "{% for m in messages %}{{ '<|' + m.role|trim + '|>' + m.content|trim + '\\n"
            + "' }}{% if m.content.startswith('x') or '</think>' in m.content %}{{"
            + " m.content.split('</think>')[-1].lstrip('\\n"
            + "') }}{% endif %}{% endfor %}";
    var message = Map.of("role", "user", "content", words);
    String text =
        Template.parse(template)
            .render(Map.of("messages", List.of(message, message, message)), Clock.systemUTC());
    assertThat(text).hasSizeGreaterThan(3 * words.length() - 10);
  }

  private static void soon(String source) {
    long start = THREADS.getCurrentThreadCpuTime();
    try {
      String text = Template.parse(source).render(Map.of(), Clock.systemUTC());
      assertThat(text).hasSizeLessThanOrEqualTo(Rendering.MAX_TEXT);
    } catch (TemplateException e) {
      assertThat(e.getMessage()).as(source).isNotBlank().hasSizeLessThan(10_000);
    }
    assertThat(Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start))
        .as(source)
        .isLessThan(LIMIT);
  }
}
