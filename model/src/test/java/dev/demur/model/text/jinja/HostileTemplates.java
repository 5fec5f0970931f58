package dev.demur.model.text.jinja;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/// Renders templates that were grown at random over texts of many kinds, in a process of its own:
/// `HostileTemplates CASES SEED`. Ends with 0 if each case ends in a text or in a
/// [TemplateException], within the limits.
public final class HostileTemplates {

  private static final long MAX_NANOS = 1_500_000_000L;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final List<String> FILTERS = List.copyOf(new TreeSet<>(Filters.names()));
  private static final List<String> METHODS = List.copyOf(new TreeSet<>(StringMethods.names()));
  private static final List<String> TESTS = List.copyOf(new TreeSet<>(Tests.names()));

  private static final String[] TEXTS = {
    "'<'",
    "' '",
    "'😀'",
    "'a b-c '",
    "'&'",
    "'\\t'",
    "'\\n'",
    "'<!-- x -->'",
    "'{}'",
    "'%s'",
    "'9'",
    "'ß'",
    "'e\\u0301'",
    "'\\u200b'",
    "''",
    "'日本'",
    "'İ'"
  };

  private final Random random;
  private String source = "";
  private String slowest = "";
  private int values;
  private int refusals;

  private HostileTemplates(long seed) {
    random = new Random(seed);
  }

  public static void main(String[] arguments) {
    HostileTemplates hostile = new HostileTemplates(Long.parseLong(arguments[1]));
    int cases = Integer.parseInt(arguments[0]);
    long slowest = 0;
    for (int i = 0; i < cases; i++) {
      long took = hostile.run(i);
      if (took > slowest) {
        slowest = took;
        hostile.slowest = hostile.source;
      }
    }
    System.out.printf(
        "%d cases: %d ended in a text, %d in one line; the slowest took %d ms: %s%n",
        cases, hostile.values, hostile.refusals, slowest / 1_000_000, hostile.slowest);
    if (hostile.values == 0 || hostile.refusals == 0) {
      System.exit(3);
    }
  }

  private long run(int number) {
    source = "{% set x = 'a' %}{% set y = 'b' %}" + statements(random.nextInt(4));
    long start = THREADS.getCurrentThreadCpuTime();
    try {
      Template.parse(source).render(data(), Clock.systemUTC());
      values++;
    } catch (TemplateException e) {
      refusals++;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      fail(number, source, e);
    }
    long took = THREADS.getCurrentThreadCpuTime() - start;
    if (took > MAX_NANOS) {
      fail(number, source, new AssertionError(took + " ns"));
    }
    return took;
  }

  private static void fail(int number, String source, Throwable problem) {
    problem.printStackTrace(System.out);
    System.out.println("case " + number + ": " + source);
    System.exit(2);
  }

  private static Map<String, Object> data() {
    return Map.of(
        "s", "The kettle <b>is</b> on\n".repeat(20),
        "n", 7,
        "l", List.of("b", "a", "c"),
        "d", Map.of("k", List.of(1, 2), "m", "v"),
        "messages", List.of(Map.of("role", "user", "content", "Hi 🙂 ")));
  }

  private String statements(int depth) {
    StringBuilder source = new StringBuilder();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      source.append(statement(depth));
    }
    return source.toString();
  }

  private String statement(int depth) {
    if (depth == 0) {
      return "{{ " + value(2) + " }}";
    }
    return switch (random.nextInt(9)) {
      case 0 -> "{% for x in " + value(2) + " %}" + statements(depth - 1) + "{% endfor %}";
      case 1 ->
          "{% for x in range("
              + pick("3", "10", random.nextInt(9) == 0 ? "90000" : "4")
              + ") %}"
              + statements(depth - 1)
              + "{% endfor %}";
      case 2 ->
          "{% if "
              + value(2)
              + " %}"
              + statements(depth - 1)
              + "{% else %}"
              + statement(0)
              + "{% endif %}";
      case 3, 4 -> "{% set " + pick("s", "l", "x", "y") + " = " + value(3) + " %}";
      case 5 -> "{% set y %}" + statements(depth - 1) + "{% endset %}";
      case 6 -> "{% filter " + one(FILTERS) + " %}" + statements(depth - 1) + "{% endfilter %}";
      case 7 ->
          "{% macro m(x) %}" + statements(depth - 1) + "{% endmacro %}{{ m(" + value(1) + ") }}";
      default -> statement(0);
    };
  }

  private String value(int depth) {
    if (depth == 0) {
      return pick("s", "n", "l", "d", "x", "y", "messages", pick(TEXTS), "[1, 'a']", "3", "-1");
    }
    String of = value(depth - 1);
    return switch (random.nextInt(12)) {
      case 0 -> "(" + of + ")|" + one(FILTERS) + arguments();
      case 1 -> "(" + of + ")|string|" + one(FILTERS);
      case 2 -> "(" + of + ")|" + pick("list", "length", "trim", "upper", "e", "string", "join");
      case 3 -> "(" + of + ")." + one(METHODS) + (random.nextBoolean() ? "()" : arguments());
      case 4 -> "((" + of + ")|string)." + pick("upper", "strip", "title", "split", "lower") + "()";
      case 5 -> "(" + of + ")[" + pick("0", "-1", "1:", "::-1", ":9", "::2", "'k'", "99999") + "]";
      case 6 ->
          pick(TEXTS)
              + " * "
              + pick("3", "20", "1000", "10000", random.nextInt(20) == 0 ? "3000000" : "7");
      case 7 -> "[" + of + "] * " + pick("2", "9", "100", random.nextInt(20) == 0 ? "50000" : "3");
      case 8 -> "(" + of + ") " + pick("+", "~", "==", "<", "in", "*", "%", "and") + " " + value(0);
      case 9 -> "(" + of + ") is " + one(TESTS);
      case 10 -> "(" + of + ")|map('" + one(FILTERS) + "')|list";
      default -> of;
    };
  }

  private String arguments() {
    return switch (random.nextInt(4)) {
      case 0, 1 -> "";
      case 2 -> "(" + value(0) + ")";
      default -> "(" + value(0) + ", " + value(0) + ")";
    };
  }

  private String pick(String... from) {
    return from[random.nextInt(from.length)];
  }

  private String one(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
