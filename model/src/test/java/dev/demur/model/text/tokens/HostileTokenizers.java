package dev.demur.model.text.tokens;

import com.sun.management.ThreadMXBean;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.text.regex.TooMuchWorkException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Gives tokenizers that were made to do harm texts that were made to do harm, in a process of its
/// own: `HostileTokenizers CASES SEED`. Ends with 0 if each case ends in tokens or in one line,
/// within the limits.
public final class HostileTokenizers {

  /// Processor time beyond the honest work of a text; honest work is within it too.
  private static final long MAX_NANOS = 1_000_000_000L;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final Path FILE = Path.of("tokenizer.json");

  /// Characters that some part treats in a way of its own.
  private static final String[] UNITS = {
    "a",
    " ",
    "b",
    "\n",
    "1",
    "'s",
    "é",
    "e\u0301",
    "\u0301",
    "\u0327\u0301",
    "日",
    "🙂",
    "\uFDFA",
    "▁",
    "<s>",
    "ſ",
    "İ",
    "\u1100\u1161",
    "A",
    "-",
    "\u00a0",
    "\ufb03",
    "x",
    "\0",
    "\ud800"
  };

  private final Random random;
  private int values;
  private int refusals;

  private HostileTokenizers(long seed) {
    random = new Random(seed);
  }

  public static void main(String[] arguments) {
    HostileTokenizers hostile = new HostileTokenizers(Long.parseLong(arguments[1]));
    int cases = Integer.parseInt(arguments[0]);
    long slowest = 0;
    for (int i = 0; i < cases; i++) {
      slowest = Math.max(slowest, hostile.run(i));
    }
    System.out.printf(
        "%d cases: %d ended in tokens, %d in one line; the slowest took %d ms%n",
        cases, hostile.values, hostile.refusals, slowest / 1_000_000);
    if (hostile.values == 0 || hostile.refusals == 0) {
      System.exit(3);
    }
  }

  private long run(int number) {
    ObjectNode document = document();
    String text = text();
    long start = THREADS.getCurrentThreadCpuTime();
    try {
      Pipeline pipeline = Pipeline.of(FILE, document);
      Tokens tokens = pipeline.encode(text);
      pipeline.decode(tokens.ids(), false);
      values++;
    } catch (ModelFormatException | TooMuchWorkException e) {
      refusals++;
      require(e.getMessage().lines().count() == 1, number, document, text, e);
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      require(false, number, document, text, e);
    }
    long took = THREADS.getCurrentThreadCpuTime() - start;
    require(took < MAX_NANOS, number, document, text, new AssertionError(took + " ns"));
    return took;
  }

  private static void require(
      boolean holds, int number, ObjectNode document, String text, Throwable problem) {
    if (!holds) {
      problem.printStackTrace(System.out);
      System.out.println("case " + number + ": " + document);
      System.out.println(
          "text of " + text.length() + ": " + text.substring(0, Math.min(200, text.length())));
      System.exit(2);
    }
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    int runs = 1 + random.nextInt(6);
    int longest = random.nextInt(40) == 0 ? 5000 : 60;
    for (int i = 0; i < runs; i++) {
      text.append(pick(UNITS).repeat(random.nextInt(longest)));
    }
    return text.toString();
  }

  private ObjectNode document() {
    ObjectNode document = random.nextInt(3) == 0 ? Documents.words() : Documents.bytes();
    if (random.nextInt(4) == 0) {
      document.set("model", unigram());
    }
    document.set("normalizer", Documents.sequence("normalizers", parts(0)));
    document.set("pre_tokenizer", Documents.sequence("pretokenizers", parts(1)));
    document.set("decoder", Documents.sequence("decoders", parts(2)));
    ArrayNode added = (ArrayNode) document.path("added_tokens");
    for (int n = random.nextInt(3); n > 0; n--) {
      added
          .addObject()
          .put("id", 300 + n)
          .put("content", pick(UNITS).repeat(1 + random.nextInt(random.nextInt(200) + 1)))
          .put("lstrip", random.nextBoolean())
          .put("rstrip", random.nextBoolean())
          .put("single_word", random.nextBoolean())
          .put("normalized", random.nextBoolean())
          .put("special", random.nextBoolean());
    }
    return document;
  }

  private ObjectNode unigram() {
    ObjectNode model = Documents.typed("Unigram").put("unk_id", 0).put("byte_fallback", false);
    ArrayNode vocabulary = model.putArray("vocab");
    vocabulary.addArray().add("<unk>").add(0.0);
    for (int i = 1 + random.nextInt(30); i > 0; i--) {
      vocabulary
          .addArray()
          .add(pick(UNITS).repeat(1 + random.nextInt(300)))
          .add(-10 * random.nextDouble());
    }
    return model;
  }

  private List<ObjectNode> parts(int kind) {
    List<ObjectNode> parts = new ArrayList<>();
    for (int n = random.nextInt(random.nextInt(20) == 0 ? 12 : 3); n > 0; n--) {
      boolean wild = random.nextInt(3) > 0;
      parts.add(
          switch (kind) {
            case 0 -> wild ? replacing() : Documents.normalizer(random);
            case 1 ->
                wild
                    ? Documents.split(regex(), Documents.behavior(random), random.nextBoolean())
                    : Documents.splitter(random);
            default -> wild ? replacing() : Documents.decoder(random);
          });
    }
    return parts;
  }

  private ObjectNode replacing() {
    String content = pick(UNITS).repeat(random.nextInt(random.nextInt(5) == 0 ? 1000 : 4));
    return random.nextBoolean()
        ? Documents.replace("String", pick(UNITS), content)
        : Documents.replace("Regex", regex(), content);
  }

  /// A pattern grown at random, or a published one with a few characters changed.
  private String regex() {
    if (random.nextInt(4) > 0) {
      return grown(random.nextInt(5));
    }
    StringBuilder pattern =
        new StringBuilder(Documents.PATTERNS.get(random.nextInt(Documents.PATTERNS.size())));
    for (int n = random.nextInt(4); n > 0; n--) {
      int at = random.nextInt(pattern.length() + 1);
      pattern.insert(at, pick("(", ")", "[", "]", "*", "+", "?", "{9}", "|", "\\", "^", "$", "&&"));
    }
    return pattern.toString();
  }

  private String grown(int depth) {
    if (depth == 0) {
      return pick(
          "a",
          " ",
          ".",
          "\\s",
          "\\S",
          "\\w",
          "\\p{L}",
          "\\P{N}",
          "[^a]",
          "[a-z&&[^b]]",
          "\\d",
          "^",
          "$",
          "\\b",
          "\\B",
          "\\A",
          "\\z",
          "é",
          "(?i:s)",
          "[[:alpha:]]",
          "\\x{1F642}",
          "");
    }
    String part = grown(depth - 1);
    return switch (random.nextInt(8)) {
      case 0 -> "(" + part + ")" + pick("*", "+", "?", "{2,}", "*?", "+?", "{0,50}", "{200}");
      case 1 -> part + "|" + grown(depth - 1);
      case 2 -> part + grown(depth - 1) + grown(random.nextInt(depth));
      case 3 -> "(?=" + part + ")" + pick("", "a", "x*");
      case 4 -> "(?!" + part + ")" + pick("", ".", "\\s*");
      case 5 -> "(?:" + part + ")+" + grown(random.nextInt(depth));
      case 6 -> "(".repeat(random.nextInt(60)) + part;
      default -> part + pick("+", "*", "++", "?+", "{1,3}", "{900,1000}") + part;
    };
  }

  private String pick(String... from) {
    return from[random.nextInt(from.length)];
  }
}
