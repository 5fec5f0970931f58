package dev.demur.serve.study;

import dev.demur.lab.judge.Panel;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.report.format.ReportFiles;
import dev.demur.lab.report.trial.TrialReport;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.trial.AlarmingWords;
import dev.demur.lab.trial.Column;
import dev.demur.lab.trial.Decoder;
import dev.demur.lab.trial.Trial;
import dev.demur.lab.trial.TrialConfig;
import dev.demur.lab.trial.TrialRow;
import dev.demur.lab.trial.Weights;
import dev.demur.lab.trial.Wrap;
import dev.demur.model.local.Readers;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.Fields;
import dev.demur.serve.registry.Treatments;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A trial that was asked for: what one sees in two answers, on sets of prompts.
///
/// @param sets prompts by what they are for
/// @param rows ways of running the model
/// @param config limits, margin, controls, attacks
record TrialRequest(Map<Column, PromptSet> sets, List<TrialRow> rows, TrialConfig config)
    implements Job {

  private static final int MOST_PROMPTS = 10_000;
  private static final int USUAL_PROMPTS = 64;
  private static final int MOST_TOKENS = 4096;
  private static final int USUAL_TOKENS = 48;
  private static final int MOST_CONTROLS = 4;
  private static final int MOST_ATTACKS = 8;

  /// Answers written together; those who are served want memory too.
  private static final int BATCH = 32;

  TrialRequest {
    sets = new EnumMap<>(sets);
    rows = List.copyOf(rows);
  }

  static TrialRequest of(Fields body, ServedModel model, Treatments treatments, TrialSets brought) {
    var usual = TrialConfig.usual();
    return new TrialRequest(
        sets(body, brought),
        rows(body, policy(body, model, treatments)),
        new TrialConfig(
            body.whole("max_new_tokens", 1, MOST_TOKENS).orElse(USUAL_TOKENS),
            BATCH,
            body.number("margin", usual.margin(), 0.001, 0.5),
            body.whole("controls", 0, MOST_CONTROLS).orElse(usual.controls()),
            body.large("seed").orElse(usual.seed()),
            body.whole("attack", 0, MOST_ATTACKS).orElse(0)));
  }

  private static Policy policy(Fields body, ServedModel model, Treatments treatments) {
    var policy = treatments.wanted(body).policy();
    try {
      var _ = policy.plan(model.chat().config().nLayers());
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(
          body.object(Treatments.FIELD).name("policy"), String.valueOf(e.getMessage()));
    }
    return policy;
  }

  /// The suffix alone, and the policy with it, as two answers side by side have it.
  private static List<TrialRow> rows(Fields body, Policy policy) {
    var rows = new ArrayList<TrialRow>();
    var wrap = wrap(body);
    if (!wrap.isNone()) {
      rows.add(TrialRow.of(wrap));
    }
    if (!policy.isNone()) {
      String name = wrap.isNone() ? policy.toString() : policy + ", with the suffix";
      rows.add(
          new TrialRow(
              name, policy, wrap, new Decoder.Greedy(), Weights.own(), TrialRow.Role.TRIED));
    }
    if (rows.isEmpty()) {
      throw ApiException.invalid(
          body.object(Treatments.FIELD).name("policy"),
          "nothing is tried; give a policy, or a suffix");
    }
    return rows;
  }

  private static Wrap wrap(Fields body) {
    String suffix = body.text("suffix").orElse("");
    if (suffix.contains(Wrap.PROMPT)) {
      throw ApiException.invalid(body.name("suffix"), "suffix must not contain " + Wrap.PROMPT);
    }
    return suffix.isEmpty() ? Wrap.none() : new Wrap("suffix", Wrap.PROMPT + suffix);
  }

  private static Map<Column, PromptSet> sets(Fields body, TrialSets brought) {
    var all = given(body);
    if (all.isEmpty()) {
      all.putAll(wanted(body, brought));
    }
    int limit = body.whole("limit", 1, MOST_PROMPTS).orElse(USUAL_PROMPTS);
    all.replaceAll((_, set) -> some(set, limit));
    return all;
  }

  /// The body's own prompts.
  private static Map<Column, PromptSet> given(Fields body) {
    var given = new EnumMap<Column, PromptSet>(Column.class);
    for (var column : List.of(Column.HARMFUL, Column.BENIGN)) {
      String field = column == Column.HARMFUL ? "harmful" : "harmless";
      var prompts = body.texts(field, MOST_PROMPTS);
      if (prompts.stream().anyMatch(String::isBlank)) {
        throw ApiException.invalid(body.name(field), field + " has a blank prompt");
      }
      if (!prompts.isEmpty()) {
        given.put(column, PromptSet.of(field, prompts));
      }
    }
    return given;
  }

  /// Those of the server's sets that are asked for, or all.
  private static Map<Column, PromptSet> wanted(Fields body, TrialSets brought) {
    if (brought.sets().isEmpty()) {
      throw ApiException.invalid(
          body.name("harmful"), "this server brings no prompts; give harmful, harmless or both");
    }
    var names = body.texts("sets", Column.values().length);
    if (names.isEmpty()) {
      return brought.sets();
    }
    var wanted = new EnumMap<Column, PromptSet>(Column.class);
    for (String name : names) {
      var column =
          TrialSets.named(name)
              .filter(brought.sets()::containsKey)
              .orElseThrow(() -> unknown(body, brought));
      wanted.put(column, brought.sets().get(column));
    }
    return wanted;
  }

  private static ApiException unknown(Fields body, TrialSets brought) {
    String known =
        brought.items().stream().map(TrialSets.Item::name).collect(Collectors.joining(", "));
    return ApiException.invalid(body.name("sets"), "sets must be names of " + known);
  }

  /// Evenly spaced ones: a file's neighbours are alike.
  private static PromptSet some(PromptSet set, int limit) {
    var all = set.instructions();
    int count = Math.min(limit, all.size());
    return count == all.size()
        ? set
        : PromptSet.of(
            set.name(),
            IntStream.range(0, count).mapToObj(i -> all.get(i * all.size() / count)).toList());
  }

  @Override
  public Kind kind() {
    return Kind.TRIAL;
  }

  @Override
  public Found run(ServedModel model, RunStore store, Progress progress) throws IOException {
    var result =
        new Trial(
                model.chat(),
                sets,
                List.of(),
                AlarmingWords.between(sets),
                Panel.usual(),
                config,
                store,
                progress)
            .run(rows);
    store.folder().write("trial.json", TrialReport.json(result), Readers.AS_USUAL);
    ReportFiles.write(TrialReport.of(result), store.folder());
    return Found.of(result);
  }
}
