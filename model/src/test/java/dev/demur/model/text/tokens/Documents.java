package dev.demur.model.text.tokens;

import java.util.List;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes `tokenizer.json` documents.
final class Documents {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// The patterns of published tokenizers.
  static final List<String> PATTERNS =
      List.of(
          // GPT-2
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          // Llama 3
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
              + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          // Qwen 2
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
              + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          // Qwen 3.5
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}|"
              + " ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          // cl100k_base as tiktoken has it
          "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+|"
              + " ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s",
          // o200k_base
          "[^\\r"
              + "\\n"
              + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r"
              + "\\n"
              + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}"
              + "\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}|"
              + " ?[^\\s\\p{L}\\p{N}]+[\\r"
              + "\\n"
              + "/]*|\\s*[\\r"
              + "\\n"
              + "]+|\\s+(?!\\S)|\\s+",
          // tekken
          "[^\\r"
              + "\\n"
              + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|[^\\r"
              + "\\n"
              + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|\\p{N}|"
              + " ?[^\\s\\p{L}\\p{N}]+[\\r"
              + "\\n"
              + "/]*|\\s*[\\r"
              + "\\n"
              + "]+|\\s+(?!\\S)|\\s+",
          // Kimi K2
          "[\\p{Han}]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]*"
              + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
              + "\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          // DeepSeek V3, after its numbers and Han
          "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?"
              + "[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          "[一-龥぀-ゟ゠-ヿ]+",
          // DeepSeek coder
          "\\s?\\p{L}+",
          "\\s?\\p{P}+",
          "[\\r\\n]",
          // digits
          "\\p{N}",
          "\\p{N}{1,3}",
          "[0-9][0-9][0-9]",
          "(?=(\\d{3})+(?!\\d))",
          // Falcon
          "[\\p{P}\\$\\+<=>\\^~\\|`]+",
          // Bloom
          " ?[^(\\s|.,!?…。，、।۔،)]+",
          // Gemma
          " ",
          // others seen
          "\\s",
          "\\s+",
          "\\w+|[^\\w\\s]+",
          "(?<=\\p{L})(?=\\p{N})",
          "^\\s+|\\s+$",
          "\\bthe\\b|\\B.");

  private Documents() {}

  static ObjectNode object(String json) {
    return (ObjectNode) JSON.readTree(json);
  }

  static ObjectNode typed(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  /// Without any part, and a model that makes each word one token: spans are then the words.
  static ObjectNode words() {
    return object(
        """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
         "normalizer": null, "pre_tokenizer": null, "post_processor": null, "decoder": null,
         "model": {"type": "WordLevel", "vocab": {"[UNK]": 0}, "unk_token": "[UNK]"}}
        """);
  }

  /// Without any part, and a model that makes each byte one token: ids are then the normalized
  /// text.
  static ObjectNode bytes() {
    ObjectNode document = words();
    ObjectNode model = document.putObject("model").put("type", "BPE").put("byte_fallback", true);
    model.put("unk_token", "[UNK]").put("fuse_unk", false);
    ObjectNode vocabulary = model.putObject("vocab").put("[UNK]", 0);
    for (int b = 0; b < 256; b++) {
      vocabulary.put("<0x%02X>".formatted(b), b + 1);
    }
    model.putArray("merges");
    return document;
  }

  static ObjectNode split(String regex, String behavior, boolean inverted) {
    ObjectNode split = typed("Split").put("behavior", behavior).put("invert", inverted);
    split.putObject("pattern").put("Regex", regex);
    return split;
  }

  static ObjectNode replace(String kind, String pattern, String content) {
    ObjectNode replace = typed("Replace").put("content", content);
    replace.putObject("pattern").put(kind, pattern);
    return replace;
  }

  static ObjectNode sequence(String list, List<ObjectNode> parts) {
    ObjectNode sequence = typed("Sequence");
    ArrayNode all = sequence.putArray(list);
    parts.forEach(all::add);
    return sequence;
  }

  static ObjectNode normalizer(Random random) {
    return switch (random.nextInt(14)) {
      case 0 -> typed("NFC");
      case 1 -> typed("NFKC");
      case 2 -> typed("NFD");
      case 3 -> typed("Lowercase");
      case 4 -> typed("StripAccents");
      case 5 -> typed("Nmt");
      case 6 -> typed("Strip").put("strip_left", random.nextBoolean()).put("strip_right", true);
      case 7 -> typed("Prepend").put("prepend", one(random, "▁", " ", "x▁y"));
      case 8, 9 -> replace("String", one(random, " ", "a", "  ", "é"), one(random, "▁", "", "ab"));
      case 10, 11 ->
          replace("Regex", one(random, " {2,}", "[a-e]+", "\\s", "\\d"), one(random, "▁", "", "日"));
      case 12 ->
          typed("BertNormalizer")
              .put("clean_text", random.nextBoolean())
              .put("handle_chinese_chars", random.nextBoolean())
              .put("strip_accents", random.nextBoolean())
              .put("lowercase", random.nextBoolean());
      default -> typed("NFKD");
    };
  }

  static ObjectNode splitter(Random random) {
    return switch (random.nextInt(12)) {
      case 0 ->
          typed("ByteLevel")
              .put("add_prefix_space", random.nextBoolean())
              .put("trim_offsets", false)
              .put("use_regex", random.nextBoolean());
      case 1 ->
          typed("Metaspace")
              .put("replacement", "▁")
              .put("prepend_scheme", one(random, "first", "never", "always"))
              .put("split", random.nextBoolean());
      case 2 -> typed("Digits").put("individual_digits", random.nextBoolean());
      case 3 -> typed("Punctuation").put("behavior", behavior(random));
      case 4 -> typed("Whitespace");
      case 5 -> typed("WhitespaceSplit");
      case 6 -> typed("BertPreTokenizer");
      case 7 -> typed("CharDelimiterSplit").put("delimiter", one(random, "a", " ", "日"));
      default ->
          split(
              PATTERNS.get(random.nextInt(PATTERNS.size())),
              behavior(random),
              random.nextInt(4) == 0);
    };
  }

  static ObjectNode decoder(Random random) {
    return switch (random.nextInt(9)) {
      case 0 ->
          typed("ByteLevel")
              .put("add_prefix_space", false)
              .put("trim_offsets", false)
              .put("use_regex", false);
      case 1 ->
          typed("Metaspace")
              .put("replacement", "▁")
              .put("prepend_scheme", one(random, "first", "never", "always"))
              .put("split", true);
      case 2 -> replace("String", one(random, "▁", "a", "ab"), one(random, " ", "", "xyz"));
      case 3 -> replace("Regex", one(random, "[a-c]", "\\s+", "[^a-z]"), one(random, " ", "", "é"));
      case 4 -> typed("ByteFallback");
      case 5 -> typed("Fuse");
      case 6 ->
          typed("Strip")
              .put("content", one(random, " ", "a"))
              .put("start", random.nextInt(3))
              .put("stop", 0);
      case 7 -> typed("BPEDecoder").put("suffix", "▁");
      default -> typed("WordPiece").put("prefix", "a").put("cleanup", random.nextBoolean());
    };
  }

  static String behavior(Random random) {
    return one(random, "Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous");
  }

  static String one(Random random, String... from) {
    return from[random.nextInt(from.length)];
  }
}
