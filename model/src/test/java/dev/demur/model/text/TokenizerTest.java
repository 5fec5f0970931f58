package dev.demur.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.TokenizerFiles;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class TokenizerTest {

  @TestFactory
  Stream<DynamicTest> agreesWithHuggingFace() throws IOException {
    return Stream.of(
            new Named("byte-level", "json", GoldenTokenizers.fromJson("byte-level")),
            new Named("byte-level", "gguf", GoldenTokenizers.fromGguf("byte-level")),
            new Named(
                "byte-level",
                "tiktoken",
                fromRanks(GoldenTokenizers.file("byte-level/ranks.tiktoken"))),
            new Named("sentence-piece", "json", GoldenTokenizers.fromJson("sentence-piece")),
            new Named("sentence-piece", "gguf", GoldenTokenizers.fromGguf("sentence-piece")))
        .flatMap(TokenizerTest::cases);
  }

  private record Named(String name, String source, Tokenizer tokenizer) {}

  private static Stream<DynamicTest> cases(Named named) {
    JsonNode golden = GoldenTokenizers.json(GoldenTokenizers.file(named.name() + "/expected.json"));
    return golden
        .path("cases")
        .valueStream()
        .map(
            expected ->
                DynamicTest.dynamicTest(
                    named.name() + " from " + named.source() + ": " + expected.path("text"),
                    () -> agrees(named.tokenizer(), expected)));
  }

  private static void agrees(Tokenizer tokenizer, JsonNode expected) {
    String text = expected.path("text").asString();
    TokenIds ids = ids(expected.path("ids"));
    assertThat(tokenizer.encode(text)).isEqualTo(ids);
    assertThat(tokenizer.encodeWithSpecialTokens(text))
        .isEqualTo(ids(expected.path("with_special")));
    assertThat(tokenizer.decode(ids)).isEqualTo(expected.path("decoded").asString());
    assertThat(tokenizer.decodeWithSpecialTokens(ids))
        .isEqualTo(expected.path("decoded_with_special").asString());
    assertThat(tokenizer.encodeWithSpans(text).spans())
        .isEqualTo(spans(text, expected.path("offsets")));
    assertThat(streamed(tokenizer, ids)).isEqualTo(tokenizer.decode(ids));
  }

  private static String streamed(Tokenizer tokenizer, TokenIds ids) {
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    StringBuilder text = new StringBuilder();
    ids.stream().forEach(id -> text.append(decoder.next(id)));
    return text.append(decoder.finish()).toString();
  }

  private static TokenIds ids(JsonNode array) {
    return TokenIds.of(array.valueStream().map(JsonNode::asInt).toList());
  }

  private static List<TokenizedText.Span> spans(String text, JsonNode codePoints) {
    return codePoints
        .valueStream()
        .map(
            pair ->
                new TokenizedText.Span(
                    text.offsetByCodePoints(0, pair.get(0).asInt()),
                    text.offsetByCodePoints(0, pair.get(1).asInt())))
        .toList();
  }

  private static Tokenizer fromRanks(Path file) throws IOException {
    return Tokenizer.of(new TokenizerFiles.Tiktoken(file, HuggingFaceTokenizerFile.noConfig()));
  }

  @Test
  void emitsACharacterOnlyWhenItIsWhole() throws IOException {
    Tokenizer tokenizer = GoldenTokenizers.fromJson("byte-level");
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    List<String> pieces = tokenizer.encode("a🙂b").toList().stream().map(decoder::next).toList();
    assertThat(pieces).containsExactly("a", "", "", "", "🙂", "b");
    assertThat(decoder.finish()).isEmpty();
  }

  // E: raw byte tokens such as `Ġinto` in tables.
  @Test
  void tokensAsTextAreTheTextTheyCameFrom() throws IOException {
    String text = "a cat\nand the dog";
    for (String name : List.of("byte-level", "sentence-piece")) {
      Tokenizer tokenizer = GoldenTokenizers.fromJson(name);
      var texts = tokenizer.encode(text).toList().stream().map(tokenizer::text).toList();
      assertThat(String.join("", texts).strip()).as(name).isEqualTo(text);
    }
    Tokenizer bytes = GoldenTokenizers.fromJson("byte-level");
    var parts = bytes.encode("🙂").toList();
    assertThat(bytes.text(parts.getFirst()))
        .as("a part of a character")
        .isEqualTo(bytes.token(parts.getFirst()));
  }

  @Test
  void nothingIsCutFromALongText() throws IOException {
    assertThat(GoldenTokenizers.fromJson("byte-level").encode("x ".repeat(5000)).size())
        .isEqualTo(10_000);
  }

  @Test
  void halfASurrogatePairIsReadAsReplacementCharacter() throws IOException {
    Tokenizer tokenizer = GoldenTokenizers.fromJson("byte-level");
    assertThat(tokenizer.decode(tokenizer.encode("a\uD83Db"))).isEqualTo("a\uFFFDb");
  }

  @Test
  void knowsSpecialTokensByName() throws IOException {
    Tokenizer tokenizer =
        GoldenTokenizers.fromJson(
            "byte-level",
            GoldenTokenizers.object(
                """
                {"bos_token": null, "eos_token": {"content": "<|im_end|>"},
                 "add_bos_token": false, "pad_token": "<|endoftext|>"}
                """));
    assertThat(tokenizer.bosId()).isEmpty();
    assertThat(tokenizer.eosId()).isEqualTo(tokenizer.id("<|im_end|>"));
    assertThat(tokenizer.specialTokens())
        .containsOnly(
            Map.entry("eos_token", "<|im_end|>"), Map.entry("pad_token", "<|endoftext|>"));
    assertThat(tokenizer.isSpecial(tokenizer.eosId().orElseThrow())).isTrue();
    assertThat(tokenizer.token(tokenizer.eosId().orElseThrow())).isEqualTo("<|im_end|>");
    assertThat(tokenizer.id("no such token")).isEqualTo(OptionalInt.empty());
  }

  @Test
  void addsTokensThatOnlyTheConfigNames() throws IOException {
    Tokenizer tokenizer =
        GoldenTokenizers.fromJson(
            "byte-level",
            GoldenTokenizers.object(
                """
                {"added_tokens_decoder": {"423": {"content": "<|tool|>", "special": true}}}
                """));
    assertThat(tokenizer.encode("a<|tool|>"))
        .isEqualTo(tokenizer.encode("a").plus(TokenIds.of(423)));
  }

  @Test
  void rejectsIdsOutsideTheVocabulary() throws IOException {
    Tokenizer tokenizer = GoldenTokenizers.fromJson("byte-level");
    assertThatThrownBy(() -> tokenizer.decode(TokenIds.of(tokenizer.size())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token id must be 0 to 422, was 423");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{\"model\": {}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": -1}, \"merges\": []}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 4000000000}, \"merges\": []}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"a b\"]}}",
        "{\"model\": {\"type\": \"Nothing\", \"vocab\": {\"a\": 0}}}",
      })
  void aBrokenFileIsOneLineAboutTheFile(String content, @TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("tokenizer.json"), content);
    assertThatThrownBy(
            () ->
                Tokenizer.of(
                    new TokenizerFiles.HuggingFace(file, HuggingFaceTokenizerFile.noConfig())))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(file.toString())
        .message()
        .hasLineCount(1);
  }

  @Test
  void anUnknownPreTokenizerIsNamed() {
    var metadata = GoldenTokenizers.metadata("byte-level", Map.of("tokenizer.ggml.pre", "made-up"));
    assertThatThrownBy(() -> Tokenizer.of(new TokenizerFiles.InGguf(metadata)))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("made-up");
  }
}
