package dev.demur.model.text;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.local.RegularFile;
import dev.demur.model.text.regex.Work;
import dev.demur.model.text.tokens.ByteLetters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// Builds a tokenizer from a `.tiktoken` file: lines of a base-64 byte sequence and its rank.
///
/// The file gives ranks only; the pair each token was merged from is the one that is left when its
/// bytes are merged by all lower ranks. Special tokens are those of `QWenTokenizer`
/// (`tokenization_qwen.py` of Qwen/Qwen-7B-Chat): `<|endoftext|>`, `<|im_start|>`, `<|im_end|>` and
/// 205 of the form `<|extra_N|>`, numbered after the last rank.
final class TiktokenFile {

  private static final int EXTRA_TOKENS = 205;

  /// The longest published token has 128 bytes.
  private static final int MAX_LENGTH = 1024;

  /// The largest published file (200,000 ranks) has 3.6 MB.
  private static final long MAX_BYTES = 64L << 20;

  private TiktokenFile() {}

  static TokenizerSource read(Path file, JsonNode config) throws IOException {
    Map<String, Integer> ranks = ranks(file);
    List<Character> characters = ByteLetters.all();
    Map<String, Integer> vocabulary = LinkedHashMap.newLinkedHashMap(ranks.size());
    ranks.forEach((bytes, rank) -> vocabulary.put(spell(bytes, characters), rank));
    List<TokenizerJson.Merge> merges = new ArrayList<>();
    Work work = Work.onBytes(Files.size(file));
    for (Map.Entry<String, Integer> entry : ranks.entrySet()) {
      String bytes = entry.getKey();
      if (bytes.length() > 1) {
        int cut = lastCut(file, bytes, entry.getValue(), ranks, work);
        if (cut < 0) {
          throw new ModelFormatException(
              file, "rank " + entry.getValue() + " cannot be merged from lower ranks");
        }
        merges.add(
            new TokenizerJson.Merge(
                spell(bytes.substring(0, cut), characters),
                spell(bytes.substring(cut), characters)));
      }
    }
    List<TokenizerJson.AddedToken> added = specialTokens(ranks.size());
    Map<String, String> special = new HashMap<>(HuggingFaceTokenizerFile.specialTokens(config));
    special.putIfAbsent("eos_token", "<|endoftext|>");
    return new TokenizerSource(
        file,
        TokenizerJson.byteLevel(vocabulary, merges, PreTokenization.qwen()).adding(added).toJson(),
        special);
  }

  /// Byte sequences (one character per byte) in rank order.
  private static Map<String, Integer> ranks(Path file) throws IOException {
    Map<String, Integer> ranks = new LinkedHashMap<>();
    int line = 0;
    if (Files.size(RegularFile.of(file)) > MAX_BYTES) {
      throw new ModelFormatException(file, "has more than " + MAX_BYTES + " bytes of ranks");
    }
    for (String text : Files.readAllLines(RegularFile.of(file), StandardCharsets.ISO_8859_1)) {
      line++;
      if (text.isBlank()) {
        continue;
      }
      String[] parts = text.strip().split(" ", -1);
      try {
        byte[] bytes = Base64.getDecoder().decode(parts[0]);
        int rank = parts.length == 2 ? Integer.parseInt(parts[1]) : -1;
        if (rank != ranks.size() || bytes.length == 0) {
          throw new IllegalArgumentException("rank " + rank + ", expected " + ranks.size());
        }
        ranks.put(new String(bytes, StandardCharsets.ISO_8859_1), rank);
      } catch (IllegalArgumentException e) {
        throw new ModelFormatException(
            file,
            "line " + line + " is not a base-64 token and the next rank (" + e.getMessage() + ")",
            e);
      }
    }
    return ranks;
  }

  /// Where the last merge of `bytes` joins two tokens, or −1.
  private static int lastCut(
      Path file, String bytes, int rank, Map<String, Integer> ranks, Work work) throws IOException {
    if (bytes.length() > MAX_LENGTH) {
      throw new ModelFormatException(
          file, "rank " + rank + " has more than " + MAX_LENGTH + " bytes");
    }
    List<String> parts =
        new ArrayList<>(bytes.chars().mapToObj(c -> String.valueOf((char) c)).toList());
    while (parts.size() > 2) {
      work.spend(parts.size());
      int best = rank;
      int at = -1;
      for (int i = 0; i + 1 < parts.size(); i++) {
        int candidate = ranks.getOrDefault(parts.get(i) + parts.get(i + 1), Integer.MAX_VALUE);
        if (candidate < best) {
          best = candidate;
          at = i;
        }
      }
      if (at < 0) {
        return -1;
      }
      parts.set(at, parts.get(at) + parts.remove(at + 1));
    }
    return parts.stream().allMatch(ranks::containsKey) ? parts.getFirst().length() : -1;
  }

  private static String spell(String bytes, List<Character> characters) {
    StringBuilder text = new StringBuilder(bytes.length());
    bytes.chars().forEach(b -> text.append((char) characters.get(b)));
    return text.toString();
  }

  private static List<TokenizerJson.AddedToken> specialTokens(int first) {
    List<String> names = new ArrayList<>(List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>"));
    IntStream.range(0, EXTRA_TOKENS).forEach(i -> names.add("<|extra_" + i + "|>"));
    return IntStream.range(0, names.size())
        .mapToObj(i -> new TokenizerJson.AddedToken(first + i, names.get(i), true, false))
        .toList();
  }
}
