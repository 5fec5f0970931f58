package dev.demur.model.text;

import dev.demur.model.text.regex.Work;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds the merges a SentencePiece BPE vocabulary implies: each way to cut a token into two others
/// is one, ranked by the token's score, ties by the ids of the parts.
///
/// Source: `SentencePieceExtractor.generate_merges` of transformers.
final class SentencePieceMerges {

  private SentencePieceMerges() {}

  private record Ranked(double score, int left, int right, TokenizerJson.Merge merge) {}

  static List<TokenizerJson.Merge> of(List<String> tokens, List<Double> scores) {
    Map<String, Integer> ids = HashMap.newHashMap(tokens.size());
    for (int id = 0; id < tokens.size(); id++) {
      ids.putIfAbsent(tokens.get(id), id);
    }
    List<Ranked> merges = new ArrayList<>();
    Work work = Work.onBytes(tokens.stream().mapToLong(String::length).sum());
    for (int id = 0; id < tokens.size(); id++) {
      String token = tokens.get(id);
      work.spend((long) token.length() * token.length());
      addCuts(token, scores.get(id), ids, merges);
    }
    merges.sort(
        Comparator.comparingDouble((Ranked m) -> -m.score())
            .thenComparingInt(Ranked::left)
            .thenComparingInt(Ranked::right));
    return merges.stream().map(Ranked::merge).toList();
  }

  private static void addCuts(
      String token, double score, Map<String, Integer> ids, List<Ranked> merges) {
    int end = token.length();
    for (int cut = token.offsetByCodePoints(0, Math.min(1, end));
        cut < end;
        cut += Character.charCount(token.codePointAt(cut))) {
      Integer left = ids.get(token.substring(0, cut));
      Integer right = left == null ? null : ids.get(token.substring(cut));
      if (left != null && right != null) {
        merges.add(
            new Ranked(
                score,
                left,
                right,
                new TokenizerJson.Merge(token.substring(0, cut), token.substring(cut))));
      }
    }
  }
}
