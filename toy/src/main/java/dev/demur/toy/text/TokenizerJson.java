package dev.demur.toy.text;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes a vocabulary in Hugging Face's `tokenizer.json` format, with its chat template beside it.
public final class TokenizerJson {

  /// Ends a document, and pads.
  public static final String END_OF_TEXT = "<|endoftext|>";

  /// Opens a turn.
  public static final String TURN_START = "<|im_start|>";

  /// Ends a turn; the model writes it at the end of its answer.
  public static final String TURN_END = "<|im_end|>";

  /// All special tokens, in the order of their ids from 0.
  public static final List<String> SPECIALS = List.of(END_OF_TEXT, TURN_START, TURN_END);

  private TokenizerJson() {}

  /// The id of a special token.
  public static int idOf(String special) {
    int id = SPECIALS.indexOf(special);
    if (id < 0) {
      throw new IllegalArgumentException(special + " is not one of " + SPECIALS);
    }
    return id;
  }

  /// The text of `tokenizer.json`.
  public static String of(BytePairs pairs, ChatForm form) {
    var mapper = new JsonMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    var added = root.putArray("added_tokens");
    for (int id = 0; id < pairs.specials().size(); id++) {
      token(added.addObject(), id, pairs.specials().get(id)).put("special", true);
    }
    for (int i = 0; i < form.blockTokens().size(); i++) {
      // Not special: a decoded answer shows its thought.
      token(added.addObject(), pairs.size() + i, form.blockTokens().get(i)).put("special", false);
    }
    root.putNull("normalizer");
    byteLevel(root.putObject("pre_tokenizer"));
    byteLevel(root.putObject("post_processor"));
    byteLevel(root.putObject("decoder"));
    model(root.putObject("model"), pairs);
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }

  /// The text of `tokenizer_config.json`.
  ///
  /// @param context greatest number of tokens the model takes
  public static String config(int context, ChatForm form) {
    var mapper = new JsonMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("tokenizer_class", "PreTrainedTokenizerFast")
        .put("add_prefix_space", false)
        .put("clean_up_tokenization_spaces", false)
        .put("model_max_length", context)
        .putNull("bos_token")
        .put("eos_token", TURN_END)
        .put("pad_token", END_OF_TEXT)
        .put("chat_template", form.template());
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }

  private static ObjectNode token(ObjectNode node, int id, String content) {
    return node.put("id", id)
        .put("content", content)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false);
  }

  private static void byteLevel(ObjectNode node) {
    node.put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }

  private static void model(ObjectNode node, BytePairs pairs) {
    node.put("type", "BPE")
        .putNull("dropout")
        .putNull("unk_token")
        .putNull("continuing_subword_prefix")
        .putNull("end_of_word_suffix")
        .put("fuse_unk", false)
        .put("byte_fallback", false)
        .put("ignore_merges", false);
    ObjectNode vocabulary = node.putObject("vocab");
    int id = 0;
    for (String special : pairs.specials()) {
      vocabulary.put(special, id++);
    }
    for (String symbol : pairs.symbols()) {
      vocabulary.put(symbol, id++);
    }
    var merges = node.putArray("merges");
    for (var merge : pairs.merges()) {
      merges.addArray().add(merge.left()).add(merge.right());
    }
  }
}
