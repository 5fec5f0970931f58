package dev.demur.model.text;

import dev.demur.model.format.GgufMetadata;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The vocabulary a GGUF file carries under `tokenizer.ggml.*`.
///
/// Source: the GGUF specification (`docs/gguf.md` of ggml) for the keys, llama.cpp for the defaults
/// of keys that are absent.
final class GgufVocabulary {

  private static final long UNKNOWN = 2;
  private static final long CONTROL = 3;
  private static final long USER_DEFINED = 4;

  /// GGUF's names of special tokens, and those of `tokenizer_config.json`.
  private static final Map<String, String> SPECIAL_NAMES =
      Map.of(
          "bos_token_id", "bos_token",
          "eos_token_id", "eos_token",
          "unknown_token_id", "unk_token",
          "padding_token_id", "pad_token",
          "seperator_token_id", "sep_token",
          "separator_token_id", "sep_token",
          "cls_token_id", "cls_token",
          "mask_token_id", "mask_token");

  private final GgufMetadata metadata;
  private final List<String> tokens;
  private final List<Long> types;
  private final boolean phi3;

  private static final Pattern PHI3 = Pattern.compile("phi-?3", Pattern.CASE_INSENSITIVE);

  GgufVocabulary(GgufMetadata metadata) {
    this.metadata = metadata;
    this.tokens = metadata.list("tokenizer.ggml.tokens", String.class);
    this.types = metadata.list("tokenizer.ggml.token_type", Long.class);
    String name = metadata.string("general.name").orElse("");
    this.phi3 = PHI3.matcher(name).find();
  }

  TokenizerSource toSource() throws IOException {
    if (tokens.isEmpty()) {
      throw new ModelFormatException(
          metadata.file(), "has no tokenizer.ggml.tokens: the file carries no vocabulary");
    }
    if (!types.isEmpty() && types.size() != tokens.size()) {
      throw new ModelFormatException(
          metadata.file(), "has " + tokens.size() + " tokens but " + types.size() + " token types");
    }
    String kind = metadata.string("tokenizer.ggml.model").orElse("(none)");
    TokenizerJson json =
        switch (kind) {
          case "gpt2" -> byteLevel();
          case "llama" -> sentencePiece();
          default ->
              throw new UnsupportedModelException(
                  metadata.file()
                      + ": vocabulary of type \""
                      + kind
                      + "\"; this version reads \"gpt2\" and \"llama\" from GGUF. Use the model's"
                      + " Hugging Face folder instead");
        };
    return new TokenizerSource(metadata.file(), json.toJson(), specialTokens());
  }

  private TokenizerJson byteLevel() throws IOException {
    String name = metadata.string("tokenizer.ggml.pre").orElse("default");
    PreTokenization words =
        PreTokenization.named(name)
            .orElseThrow(
                () ->
                    new UnsupportedModelException(
                        metadata.file()
                            + ": pre-tokenizer \""
                            + name
                            + "\" is not known. Use the model's Hugging Face folder instead"));
    return surround(
        TokenizerJson.byteLevel(vocabulary(), merges(), words).adding(addedTokens()),
        words.addBos());
  }

  private TokenizerJson sentencePiece() throws IOException {
    List<Double> scores =
        metadata.list("tokenizer.ggml.scores", Number.class).stream()
            .map(Number::doubleValue)
            .toList();
    if (scores.size() != tokens.size()) {
      throw new ModelFormatException(
          metadata.file(), "has " + tokens.size() + " tokens but " + scores.size() + " scores");
    }
    List<TokenizerJson.Merge> merges = SentencePieceMerges.of(tokens, scores);
    String unknown = token("unknown_token_id").orElse(tokens.getFirst());
    boolean spaceFirst = metadata.flag("tokenizer.ggml.add_space_prefix").orElse(true);
    return surround(
        TokenizerJson.sentencePiece(vocabulary(), merges, unknown, spaceFirst)
            .adding(addedTokens()),
        true);
  }

  private TokenizerJson surround(TokenizerJson json, boolean bosByDefault) {
    boolean bos = metadata.flag("tokenizer.ggml.add_bos_token").orElse(bosByDefault);
    boolean eos = metadata.flag("tokenizer.ggml.add_eos_token").orElse(false);
    return json.surroundingWith(
        bos ? special("bos_token_id") : List.of(), eos ? special("eos_token_id") : List.of());
  }

  private Map<String, Integer> vocabulary() {
    Map<String, Integer> vocabulary = LinkedHashMap.newLinkedHashMap(tokens.size());
    for (int id = 0; id < tokens.size(); id++) {
      vocabulary.putIfAbsent(tokens.get(id), id);
    }
    return vocabulary;
  }

  private List<TokenizerJson.Merge> merges() throws IOException {
    List<TokenizerJson.Merge> merges = new ArrayList<>();
    for (String merge : metadata.list("tokenizer.ggml.merges", String.class)) {
      // A token may begin with a space in some vocabularies, but it never is one.
      int space = merge.indexOf(' ', 1);
      if (space < 0) {
        throw new ModelFormatException(
            metadata.file(), "merge \"" + merge + "\" is not two tokens with a space between");
      }
      merges.add(new TokenizerJson.Merge(merge.substring(0, space), merge.substring(space + 1)));
    }
    return merges;
  }

  private List<TokenizerJson.AddedToken> addedTokens() {
    List<TokenizerJson.AddedToken> added = new ArrayList<>();
    for (int id = 0; id < types.size(); id++) {
      long type = types.get(id);
      boolean special = type == CONTROL || type == UNKNOWN;
      if ((special || type == USER_DEFINED) && !tokens.get(id).isEmpty()) {
        added.add(
            new TokenizerJson.AddedToken(
                id, tokens.get(id), special, special && stripsRight(tokens.get(id))));
      }
    }
    return added;
  }

  /// Phi-3's control tokens eat the white space after them; the flag is lost in GGUF files.
  private boolean stripsRight(String token) {
    return phi3 && token.startsWith("<|") && !token.equals("<|endoftext|>");
  }

  private Map<String, String> specialTokens() {
    Map<String, String> special = new LinkedHashMap<>();
    SPECIAL_NAMES.forEach((key, name) -> token(key).ifPresent(text -> special.put(name, text)));
    return special;
  }

  private List<TokenizerJson.AddedToken> special(String key) {
    return token(key)
        .map(text -> List.of(new TokenizerJson.AddedToken(id(key), text, true, false)))
        .orElse(List.of());
  }

  private Optional<String> token(String key) {
    int id = id(key);
    return id < 0 || id >= tokens.size() ? Optional.empty() : Optional.of(tokens.get(id));
  }

  private int id(String key) {
    return Math.toIntExact(
        metadata
            .integer("tokenizer.ggml." + key)
            .filter(id -> id >= 0 && id <= Integer.MAX_VALUE)
            .orElse(-1L));
  }
}
