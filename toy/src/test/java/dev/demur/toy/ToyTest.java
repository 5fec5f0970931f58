package dev.demur.toy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.family.Family;
import dev.demur.model.format.folder.HuggingFaceFolder;
import dev.demur.model.forward.Forward;
import dev.demur.model.generate.GenerationOptions;
import dev.demur.model.generate.Generator;
import dev.demur.model.generate.Sampler;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.text.TokenIds;
import dev.demur.model.text.Tokenizer;
import dev.demur.toy.grammar.PromptFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ToyTest {

  /// Float32 sums over 128 and 256 terms in another order; logits are of order 10.
  private static final double LOGIT_TOLERANCE = 2e-3;

  private static final long SIZE_LIMIT = 12_000_000;
  private static final int END_OF_TURN = 2;
  private static final int NEW_TOKENS = 32;

  private static final Path VERSION = Path.of("src/main/resources/dev/demur/toy/models/version");

  @TempDir private static Path folder;

  @BeforeAll
  static void unpack() throws IOException {
    Toy.export(folder);
  }

  @ParameterizedTest
  @EnumSource(Toy.Model.class)
  void agreesWithTransformersOnIdsLogitsAndAnswers(Toy.Model model) throws IOException {
    try (var files = HuggingFaceFolder.open(folder.resolve(model.folder()));
        var tokenizer = Tokenizer.of(files.tokenizer())) {
      var transformer = Family.load(files, DType.F32);
      for (JsonNode expected : golden().get("models").get(model.folder())) {
        var ids = tokenizer.encode(expected.get("text").asString());
        assertThat(ids.toList()).isEqualTo(ints(expected.get("ids")));
        assertLogits(transformer, ids, expected);
        assertThat(answer(transformer, tokenizer, ids))
            .isEqualTo(expected.get("answer").asString());
      }
    }
  }

  @Test
  void weighsAtMostTwelveMegabytes() throws IOException {
    long bytes = files().stream().mapToLong(f -> f.toFile().length()).sum();
    assertThat(bytes).isLessThan(SIZE_LIMIT);
  }

  @Test
  void unpacksOnceAndThenReuses(@TempDir Path cache) throws IOException {
    Path first = Toy.unpacked(cache);
    var written = Files.getLastModifiedTime(first.resolve("chat").resolve("config.json"));
    assertThat(Toy.unpacked(cache)).isEqualTo(first);
    assertThat(Files.getLastModifiedTime(first.resolve("chat").resolve("config.json")))
        .isEqualTo(written);
    try (var left = Files.list(cache)) {
      assertThat(left).containsExactly(first);
    }
  }

  @Test
  void theVersionFollowsFromEverythingCarried() throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    for (Path file : files()) {
      digest.update(folder.relativize(file).toString().replace('\\', '/').getBytes(UTF_8));
      digest.update(Files.readAllBytes(file));
    }
    String version = HexFormat.of().formatHex(digest.digest()).substring(0, 12);
    if (Boolean.getBoolean("golden.regenerate")) {
      Files.writeString(VERSION, version + "\n");
      throw new AssertionError(VERSION + " is rewritten; run again without -Dgolden.regenerate");
    }
    assertThat(Toy.version())
        .describedAs("stale; write it anew with -Dgolden.regenerate=true")
        .isEqualTo(version);
  }

  private static List<Path> files() throws IOException {
    try (var all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void carriesEveryPromptSet() {
    assertThat(new PromptFiles().names())
        .contains(
            "splits/harmful_train",
            "splits/harmless_test",
            "sets/pseudo_harmful_test",
            "kinds/counting_test");
    for (String name : new PromptFiles().names()) {
      assertThat(folder.resolve("prompts").resolve(name + ".json")).isNotEmptyFile();
    }
  }

  private static void assertLogits(Transformer transformer, TokenIds ids, JsonNode expected) {
    var logits =
        new Forward(transformer).lastLogits(List.of(ids), HookPlan.none()).row(0).toFloats();
    var top = ints(expected.get("topIds"));
    for (int i = 0; i < top.size(); i++) {
      assertThat((double) logits[top.get(i)])
          .isCloseTo(expected.get("topLogits").get(i).asDouble(), within(LOGIT_TOLERANCE));
    }
  }

  private static String answer(Transformer transformer, Tokenizer tokenizer, TokenIds ids) {
    var options = new GenerationOptions(NEW_TOKENS, 1, new Sampler.Greedy(), Set.of(END_OF_TURN));
    var completion =
        new Generator(transformer, options, HookPlan.none())
            .complete(List.of(ids), _ -> {})
            .getFirst();
    return tokenizer.decode(completion.tokens());
  }

  private static JsonNode golden() throws IOException {
    try (InputStream in = ToyTest.class.getResourceAsStream("/golden/toy.json")) {
      return new JsonMapper().readTree(in);
    }
  }

  private static List<Integer> ints(JsonNode array) {
    return array.valueStream().map(JsonNode::asInt).toList();
  }
}
