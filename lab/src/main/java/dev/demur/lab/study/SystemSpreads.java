package dev.demur.lab.study;

import dev.demur.lab.judge.Harm;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.stats.CochranQ;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.SensitivityGrid.Setting;
import dev.demur.lab.study.Supplement.Measure;
import dev.demur.lab.study.Supplement.SystemSpread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// Gathers what was answered under several system texts. Changed by every block that is added.
final class SystemSpreads {

  /// All that stays the same while the system text changes.
  private record Rest(String setting, String set, Variant variant, String judge, Measure measure) {

    boolean isJudged(CompletionRow row) {
      return switch (measure) {
        case REFUSED -> row.isJudgedBy(judge);
        case HARMFUL -> row.harm().containsKey(judge);
      };
    }

    boolean has(CompletionRow row) {
      return switch (measure) {
        case REFUSED -> row.refused(judge);
        case HARMFUL -> row.harm().get(judge) == Harm.UNSAFE;
      };
    }
  }

  private final Map<Rest, SequencedMap<String, List<CompletionRow>>> blocks = new LinkedHashMap<>();

  /// Takes the completions of one set and variant under a setting.
  void add(Setting setting, List<CompletionRow> block, Panel panel) {
    panel.names().forEach(judge -> add(setting, block, judge, Measure.REFUSED));
    panel.harmJudges().forEach(guard -> add(setting, block, guard.name(), Measure.HARMFUL));
  }

  private void add(Setting setting, List<CompletionRow> block, String judge, Measure measure) {
    var rest =
        new Rest(
            String.format(
                Locale.ROOT,
                "%s, thinking %s, %d tokens",
                setting.model(),
                setting.thinking().text(),
                setting.tokens()),
            block.getFirst().set(),
            block.getFirst().variant(),
            judge,
            measure);
    blocks.computeIfAbsent(rest, _ -> new LinkedHashMap<>()).put(setting.system(), block);
  }

  /// How far each rate depends on the text; empty where only one was tried.
  List<SystemSpread> all() {
    var spreads = new ArrayList<SystemSpread>();
    blocks.forEach(
        (rest, byText) -> {
          var common = common(rest, byText);
          if (byText.size() > 1 && !common.isEmpty()) {
            spreads.add(spread(rest, byText, common));
          }
        });
    return spreads;
  }

  /// Prompts that the judge judged under every text.
  private static List<Integer> common(Rest rest, SequencedMap<String, List<CompletionRow>> byText) {
    int n = byText.firstEntry().getValue().size();
    return IntStream.range(0, n)
        .filter(i -> byText.values().stream().allMatch(block -> rest.isJudged(block.get(i))))
        .boxed()
        .toList();
  }

  private static SystemSpread spread(
      Rest rest, SequencedMap<String, List<CompletionRow>> byText, List<Integer> common) {
    var refused =
        byText.values().stream()
            .map(block -> common.stream().map(i -> rest.has(block.get(i))).toList())
            .toList();
    var rates =
        refused.stream()
            .map(each -> (double) each.stream().filter(one -> one).count() / each.size())
            .toList();
    return new SystemSpread(
        rest.setting(),
        rest.set(),
        rest.variant(),
        rest.judge(),
        rest.measure(),
        List.copyOf(byText.keySet()),
        common.size(),
        Estimate.of(rates),
        CochranQ.of(refused));
  }
}
