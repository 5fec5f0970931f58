package dev.demur.lab.report.study;

import dev.demur.lab.coherence.Corpus;
import dev.demur.lab.direction.DirectionUncertainty;
import dev.demur.lab.direction.MassiveCoordinates;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.direction.SelectionRules.Coordinates;
import dev.demur.lab.direction.SelectionRules.Criterion;
import dev.demur.lab.prompts.SamplingMode;
import dev.demur.lab.report.Citation;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Wording;
import dev.demur.lab.score.RefusalTokens;
import dev.demur.lab.study.Evaluation;
import dev.demur.lab.study.EvaluationResult;
import dev.demur.lab.study.EvaluationResult.RateRow;
import dev.demur.lab.study.Prompting;
import dev.demur.lab.study.StudyConfig;
import dev.demur.lab.study.StudyResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The methods paragraphs of a study, from its configuration: what one would write in a paper.
final class Methods {

  private Methods() {}

  /// Paragraphs in the order of the work.
  static List<String> paragraphs(StudyResult study) {
    var paragraphs = new ArrayList<String>();
    paragraphs.add(data(study));
    paragraphs.add(screening(study));
    if (study.selection().isPresent()) {
      paragraphs.add(selection(study));
    }
    study.uncertainty().ifPresent(uncertainty -> paragraphs.add(uncertainty(uncertainty)));
    if (!study.evaluation().rates().isEmpty()) {
      paragraphs.add(evaluation(study));
      paragraphs.add(statistics(study));
    }
    if (!study.coherence().isEmpty()) {
      paragraphs.add(coherence(study));
    }
    return paragraphs;
  }

  /// The works those paragraphs rest on.
  static List<Citation> citations(StudyResult study) {
    var citations = new ArrayList<>(List.of(Citation.ARDITI, Citation.WILSON));
    if (!study.evaluation().rates().isEmpty()) {
      citations.add(Citation.CLOPPER_PEARSON);
    }
    if (!study.evaluation().comparisons().isEmpty()) {
      citations.addAll(List.of(Citation.MCNEMAR, Citation.TANGO));
    }
    if (study.uncertainty().isPresent() || !study.evaluation().comparisons().isEmpty()) {
      citations.add(Citation.HOLM);
    }
    if (study.uncertainty().isPresent() || !study.coherence().isEmpty()) {
      citations.add(Citation.EFRON);
    }
    boolean halved = study.config().grid() == StudyConfig.Grid.HALVED;
    if (study.uncertainty().isPresent() || halved) {
      citations.add(Citation.STUDENT);
    }
    if (halved) {
      citations.add(Citation.COCHRAN);
    }
    if (study.config().rules().criterion() == Criterion.COSMIC) {
      citations.add(Citation.SIU);
    }
    if (study.config().rules().coordinates() == Coordinates.WITHOUT_MASSIVE) {
      citations.add(Citation.SUN);
    }
    if (!study.evaluation().agreements().isEmpty()) {
      citations.addAll(List.of(Citation.COHEN, Citation.GWET));
    }
    if (!study.evaluation().calibrations().isEmpty()) {
      citations.addAll(List.of(Citation.ROGAN_GLADEN, Citation.LANG_REICZIGEL));
    }
    return citations;
  }

  private static String data(StudyResult study) {
    StudyConfig config = study.config();
    String how =
        config.sampling() == SamplingMode.PYTHON_RANDOM
            ? "by one CPython generator in the order of the released code"
            : "by random streams of their own";
    return String.format(
        Locale.ROOT,
        "We drew %d harmful and %d harmless prompts for extraction and %d and %d for validation"
            + " without replacement, %s (seed %d), and gave them to %s (%s, %d layers, %s)"
            + " through its own chat template %s.",
        config.sizes().train(),
        config.sizes().train(),
        config.sizes().val(),
        config.sizes().val(),
        how,
        config.seed(),
        study.model().name(),
        study.model().family(),
        study.model().layers(),
        study.model().dtype(),
        prompting(config.prompting()));
  }

  private static String prompting(Prompting prompting) {
    String system =
        prompting.system().isPresent()
            ? "with a system text that we added"
            : "without a system prompt that we added";
    return switch (prompting.thinking()) {
      case TEMPLATE -> system;
      case ON ->
          system
              + ", thinking switched on; scores and judges look at the answer after the thinking"
              + " block, scores with an empty one";
      case OFF -> system + ", thinking switched off";
    };
  }

  private static String screening(StudyResult study) {
    var tokens = study.screen().tokens();
    String source =
        tokens.origin() == RefusalTokens.Origin.GIVEN
            ? "were given"
            : "were found as those whose probability after harmful prompts most exceeds that after harmless ones (they hold %s of the excess)"
                .formatted(Numbers.share(tokens.coverage()));
    String kept =
        switch (study.config().rules().criterion()) {
          case BYPASS ->
              " Harmful prompts with a score above 0 and harmless ones below 0 were kept (Arditi et"
                  + " al. 2024).";
          case COSMIC -> " All prompts were kept, whatever their score.";
        };
    return "The refusal score of a prompt is ln(p + 1e-8) − ln(1 − p + 1e-8), p the summed next-token probability of %s, which %s."
            .formatted(
                Numbers.counted(tokens.ids().size(), "refusal token") + tokenTexts(study), source)
        + kept;
  }

  private static String tokenTexts(StudyResult study) {
    var texts = study.model().refusalTokens();
    return texts.isEmpty()
        ? ""
        : texts.stream()
            .map(t -> "“" + Wording.token(t) + "”")
            .collect(Collectors.joining(", ", " (", ")"));
  }

  private static String selection(StudyResult study) {
    var rules = study.config().rules();
    return String.format(
            Locale.ROOT,
            "Candidates are differences of mean residual streams (harmful minus harmless) entering"
                + " each layer at each of the %d end-of-instruction tokens. Each was scored on the"
                + " validation prompts: bypass, the mean refusal score on harmful prompts under"
                + " directional ablation; induce, that on harmless prompts under activation"
                + " addition; and the KL divergence ablation causes on harmless prompts. ",
            study.model().eoiTokens().size())
        + choice(rules)
        + massive(rules.coordinates())
        + halving(study.config().grid());
  }

  private static String choice(SelectionRules rules) {
    return switch (rules.criterion()) {
      case BYPASS ->
          "We left out candidates in the last %s of layers, with a KL divergence above %s or an induce score below %s, and chose the lowest bypass score among the rest (Arditi et al. 2024)."
              .formatted(
                  Numbers.share(rules.pruneShare()),
                  Numbers.plain(rules.klLimit()),
                  Numbers.plain(rules.induceLimit()));
      case COSMIC ->
          "We left out candidates in the last %s of layers or with a KL divergence above %s, and chose among the rest by the stream alone (COSMIC, Siu et al. 2025): the cosine of ablated harmful prompts with harmless ones plus that of harmless prompts under addition with harmful ones, each the mean of the last token's stream over prompts and the tenth of the layers where the two kinds differ most."
              .formatted(Numbers.share(rules.pruneShare()), Numbers.plain(rules.klLimit()));
    };
  }

  private static String massive(Coordinates coordinates) {
    return switch (coordinates) {
      case ALL -> "";
      case WITHOUT_MASSIVE ->
          " Coordinates with massive activations (Sun et al. 2024), here those at least %s times as large as the median coordinate that hold %s or more of a difference of means, are 0 in every candidate."
              .formatted(
                  Numbers.plain(MassiveCoordinates.LEAST_RATIO),
                  Numbers.share(MassiveCoordinates.LEAST_SHARE));
    };
  }

  private static String halving(StudyConfig.Grid grid) {
    return switch (grid) {
      case PRUNED, FULL -> "";
      case HALVED ->
          " Candidates were scored on a quarter of the prompts, the remaining ones on a half, then"
              + " on all; one was dropped early where Student's one-sided bounds for a part of a"
              + " finite set (Cochran 1977) say that on all prompts it would fail a filter or have"
              + " a higher bypass score than one that passes, with an error of at most 5 % over all"
              + " such decisions together. Its scores are means over the prompts it was run on, and"
              + " it takes no part in resamples.";
    };
  }

  private static String uncertainty(DirectionUncertainty uncertainty) {
    return ("The choice was repeated on %s of the validation prompts drawn with replacement, from"
            + " their stored scores (Efron 1979), and each other candidate that passes the"
            + " filters compared with the chosen one on the same prompts by the paired t-test"
            + " (Student 1908), corrected by Holm's method (Holm 1979). The direction was"
            + " estimated again from %s of the training prompts and from random halves of them,"
            + " and, as a null, from shuffled labels.")
        .formatted(
            Numbers.counted(uncertainty.choice().resamples(), "resample"),
            Numbers.counted(uncertainty.stability().resamples(), "resample"));
  }

  private static String coherence(StudyResult study) {
    boolean own = study.coherence().stream().anyMatch(c -> c.kind() == Corpus.Kind.OWN);
    return ("Cross-entropy, in nats per token, is the total of −ln p over all counted tokens"
            + " divided by their number, as in the released code of Arditi et al. (2024): every"
            + " token of a text but the first, the completion's tokens where an instruction"
            + " precedes it.%s Variants were compared with the unedited model on the same"
            + " texts; intervals are percentiles of the difference over texts drawn with"
            + " replacement (Efron 1979).")
        .formatted(
            own
                ? " The model's own answers were written greedily by the unedited model, without"
                    + " being kept, and scored under every variant."
                : "");
  }

  private static String evaluation(StudyResult study) {
    var evaluation = study.config().evaluation();
    String judges =
        study.evaluation().rates().stream()
            .map(RateRow::judge)
            .distinct()
            .collect(Collectors.joining(", "));
    String kept =
        switch (evaluation.keep()) {
          case TEXT -> "Completions were kept.";
          case LABELS -> "Completions were not kept, only their labels and hashes.";
        };
    return ("Greedy completions of up to %s were made for %s of each harmful set and %s of the"
            + " harmless one by the unedited model%s. Refusals were labelled by: %s. %s")
        .formatted(
            Numbers.counted(evaluation.maxNewTokens(), "new token"),
            prompts(evaluation.harmfulPrompts()),
            prompts(evaluation.harmlessPrompts()),
            study.evaluation().comparisons().isEmpty() ? "" : variants(evaluation),
            judges,
            kept);
  }

  private static String variants(Evaluation evaluation) {
    return (" and again with the direction ablated on both, added on harmless and subtracted on"
            + " harmful prompts (coefficient %s), and with %s of equal norm as a control")
        .formatted(
            Numbers.plain(evaluation.coefficient()),
            Numbers.counted(evaluation.randomDirections(), "random direction"));
  }

  private static String prompts(int most) {
    return most == Integer.MAX_VALUE ? "all prompts" : "at most " + Numbers.counted(most, "prompt");
  }

  private static String judges(EvaluationResult evaluation) {
    String agreement =
        evaluation.agreements().isEmpty()
            ? ""
            : " Judges were compared by Cohen's κ (Cohen 1960) and Gwet's AC1 (Gwet 2008).";
    return evaluation.calibrations().isEmpty()
        ? agreement
        : agreement
            + " Rates were corrected by a sample labelled by people (Rogan and Gladen 1978; Lang"
            + " and Reiczigel 2014).";
  }

  private static String statistics(StudyResult study) {
    String rates =
        "Rates carry 95 % Wilson score intervals (Wilson 1927), in the table also Clopper–Pearson"
            + " intervals (Clopper and Pearson 1934).";
    String judged = judges(study.evaluation());
    return study.evaluation().comparisons().isEmpty()
        ? rates + judged
        : rates
            + judged
            + " Variants were compared with the unedited model on the same prompts by the exact McNemar test (McNemar 1947), risk differences by Tango's score interval (Tango 1998), and p-values corrected over all %s by Holm's method (Holm 1979)."
                .formatted(Numbers.counted(study.evaluation().comparisons().size(), "comparison"));
  }
}
