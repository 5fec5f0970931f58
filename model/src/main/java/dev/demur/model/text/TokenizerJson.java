package dev.demur.model.text;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes `tokenizer.json` documents for vocabularies that are stored in another form.
final class TokenizerJson {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final ObjectNode json = NODES.objectNode();

  private TokenizerJson() {
    json.put("version", "1.0");
    json.putNull("truncation").putNull("padding");
    json.putArray("added_tokens");
    json.putNull("normalizer").putNull("pre_tokenizer").putNull("post_processor");
  }

  /// A pair of tokens that becomes one.
  record Merge(String left, String right) {}

  /// A token matched in the text before anything else.
  record AddedToken(int id, String text, boolean special, boolean stripsRight) {}

  /// Byte-level BPE, as GPT-2 introduced it.
  static TokenizerJson byteLevel(
      Map<String, Integer> vocabulary, List<Merge> merges, PreTokenization words) {
    TokenizerJson result = new TokenizerJson();
    if (words.nfc()) {
      result.json.set("normalizer", typed("NFC"));
    }
    ObjectNode cut = typed("Sequence");
    ArrayNode steps = cut.putArray("pretokenizers");
    for (String pattern : words.patterns()) {
      ObjectNode split = typed("Split").put("behavior", "Isolated").put("invert", false);
      split.putObject("pattern").put("Regex", pattern);
      steps.add(split);
    }
    steps.add(byteLevelStep());
    result.json.set("pre_tokenizer", cut);
    result.json.set("decoder", byteLevelStep());
    result.json.set("model", bpe(vocabulary, merges).put("ignore_merges", words.ignoreMerges()));
    return result;
  }

  /// SentencePiece's BPE: spaces are `▁`, characters outside the vocabulary are written as bytes.
  static TokenizerJson sentencePiece(
      Map<String, Integer> vocabulary, List<Merge> merges, String unknown, boolean spaceFirst) {
    TokenizerJson result = new TokenizerJson();
    ObjectNode normalizer = typed("Sequence");
    ArrayNode steps = normalizer.putArray("normalizers");
    if (spaceFirst) {
      steps.add(typed("Prepend").put("prepend", "▁"));
    }
    steps.add(replace(" ", "▁"));
    result.json.set("normalizer", normalizer);
    ObjectNode decoder = typed("Sequence");
    ArrayNode undo = decoder.putArray("decoders");
    undo.add(replace("▁", " ")).add(typed("ByteFallback")).add(typed("Fuse"));
    if (spaceFirst) {
      undo.add(typed("Strip").put("content", " ").put("start", 1).put("stop", 0));
    }
    result.json.set("decoder", decoder);
    ObjectNode model = bpe(vocabulary, merges);
    model.put("unk_token", unknown).put("fuse_unk", true).put("byte_fallback", true);
    result.json.set("model", model);
    return result;
  }

  TokenizerJson adding(List<AddedToken> tokens) {
    ArrayNode added = (ArrayNode) json.path("added_tokens");
    for (AddedToken token : tokens) {
      ObjectNode node = added.addObject().put("id", token.id()).put("content", token.text());
      node.put("single_word", false).put("lstrip", false).put("rstrip", token.stripsRight());
      node.put("normalized", false).put("special", token.special());
    }
    return this;
  }

  /// Puts `first` before and `last` after what [Tokenizer#encodeWithSpecialTokens] returns; either
  /// may be empty.
  TokenizerJson surroundingWith(List<AddedToken> first, List<AddedToken> last) {
    if (first.isEmpty() && last.isEmpty()) {
      return this;
    }
    ObjectNode template = typed("TemplateProcessing");
    for (String kind : List.of("single", "pair")) {
      ArrayNode pieces = template.putArray(kind);
      for (String sequence : kind.equals("single") ? List.of("A") : List.of("A", "B")) {
        int type = sequence.equals("A") ? 0 : 1;
        first.forEach(token -> piece(pieces, "SpecialToken", token.text(), type));
        piece(pieces, "Sequence", sequence, type);
        last.forEach(token -> piece(pieces, "SpecialToken", token.text(), type));
      }
    }
    ObjectNode specials = template.putObject("special_tokens");
    for (AddedToken token : concat(first, last)) {
      ObjectNode special = specials.putObject(token.text()).put("id", token.text());
      special.putArray("ids").add(token.id());
      special.putArray("tokens").add(token.text());
    }
    json.set("post_processor", template);
    return this;
  }

  ObjectNode toJson() {
    return json;
  }

  private static List<AddedToken> concat(List<AddedToken> first, List<AddedToken> last) {
    return java.util.stream.Stream.concat(first.stream(), last.stream()).toList();
  }

  private static void piece(ArrayNode pieces, String kind, String id, int type) {
    pieces.addObject().putObject(kind).put("id", id).put("type_id", type);
  }

  private static ObjectNode bpe(Map<String, Integer> vocabulary, List<Merge> merges) {
    ObjectNode model = typed("BPE");
    ObjectNode vocab = model.putObject("vocab");
    vocabulary.forEach(vocab::put);
    ArrayNode pairs = model.putArray("merges");
    merges.forEach(merge -> pairs.addArray().add(merge.left()).add(merge.right()));
    return model;
  }

  private static ObjectNode byteLevelStep() {
    return typed("ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", false)
        .put("use_regex", false);
  }

  private static ObjectNode replace(String from, String to) {
    ObjectNode node = typed("Replace").put("content", to);
    node.putObject("pattern").put("String", from);
    return node;
  }

  private static ObjectNode typed(String type) {
    return NODES.objectNode().put("type", type);
  }
}
