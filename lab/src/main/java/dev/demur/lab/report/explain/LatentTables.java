package dev.demur.lab.report.explain;

import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.ordinal;
import static dev.demur.lab.report.Columns.range;
import static dev.demur.lab.report.Columns.rangeOr;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.coherence.CrossEntropy;
import dev.demur.lab.latent.LatentResult;
import dev.demur.lab.latent.LatentResult.DecodedRow;
import dev.demur.lab.latent.LatentResult.JudgedRate;
import dev.demur.lab.latent.LatentResult.PatchedRow;
import dev.demur.lab.latent.LatentResult.PatchscopeResult;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Columns;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Tables of what a model's lower layers hold.
final class LatentTables {

  private static final String TITLE = "Below the last layer";

  private static final String NOT_JUDGED = "the judge is not calibrated for these answers";
  private static final String NO_TOKEN = "no answer has a token";

  private LatentTables() {}

  /// The section of an explanation's page.
  static Section section(LatentResult latent) {
    var blocks = new ArrayList<Block>();
    if (!latent.decoded().isEmpty()) {
      blocks.add(
          new Prose(
              "Whole answers with the blocks from a layer on left out: the final norm and the"
                  + " unembedding decode what the blocks below have made. The whole model's answers"
                  + " come first. Under shuffled, the stream's coordinates change places before the"
                  + " final norm: what judges say of those answers is said without knowledge. An"
                  + " answer that is not refused shows something only where harmless prompts are"
                  + " answered at that layer in words the whole model finds likely."));
      blocks.add(new Data(decoded(latent), Fold.OPEN));
    }
    latent
        .patchscope()
        .ifPresent(
            scope -> {
              blocks.add(new Prose(explanation(scope)));
              blocks.add(new Data(patchscope(scope), Fold.OPEN));
            });
    return new Section("latent", TITLE, blocks);
  }

  /// What fits a terminal: the first judge, and no intervals.
  static Section brief(LatentResult latent) {
    var blocks = new ArrayList<Block>();
    if (!latent.decoded().isEmpty()) {
      blocks.add(new Data(briefly(latent), Fold.OPEN));
    }
    latent.patchscope().ifPresent(scope -> blocks.add(new Data(briefly(scope), Fold.OPEN)));
    return new Section("latent", TITLE, blocks);
  }

  private static Table briefly(LatentResult latent) {
    var judge = judges(latent).stream().findFirst().orElse("");
    return Table.of(
        "decoded",
        "Answers written by the first blocks alone, judged by " + judge + ".",
        latent.decoded(),
        ordinal("layer", "Blocks", DecodedRow::layer),
        text("tail", "Tail", LatentTables::tail),
        text("prompts", "Prompts", DecodedRow::prompts),
        numberOr(
            "refused",
            "Refused",
            Unit.SHARE,
            row -> row.refusedBy(judge).map(Rate::share),
            NOT_JUDGED),
        number("broken", "Broken", Unit.SHARE, row -> row.broken().share()),
        numberOr(
            "perplexity",
            "Perplexity",
            Unit.RATIO,
            row -> row.loss().map(CrossEntropy::perplexity),
            NO_TOKEN));
  }

  private static Table briefly(PatchscopeResult scope) {
    return Table.of(
        "patchscope",
        "Preference for “"
            + scope.harmful().strip()
            + "” over “"
            + scope.harmless().strip()
            + "”, nats, and the streams that have it.",
        scope.rows(),
        ordinal("layer", "Read at", PatchedRow::layer),
        ordinal("into", "Put at", PatchedRow::into),
        text("streams", "Streams", PatchedRow::streams),
        number("preference", "Preference", Unit.NATS, row -> row.preference().mean()),
        count("harmful", "Have it", row -> row.harmful().successes()),
        count("n", "of", row -> row.harmful().n()));
  }

  private static String explanation(PatchscopeResult scope) {
    return String.format(
        Locale.ROOT,
        "The stream of a token of each prompt is put into the prompt “%s”. The table"
            + " has ln p(“%s”) − ln p(“%s”) of what follows. With nothing put there it is %s nats;"
            + " random streams are as long as those of the first kind.",
        scope.text().strip(),
        scope.harmful().strip(),
        scope.harmless().strip(),
        Numbers.amount(scope.unpatched(), Unit.NATS));
  }

  private static Table decoded(LatentResult latent) {
    var columns = new ArrayList<Columns<DecodedRow>>();
    columns.add(ordinal("layer", "Blocks", DecodedRow::layer));
    columns.add(text("tail", "Tail", LatentTables::tail));
    columns.add(text("prompts", "Prompts", DecodedRow::prompts));
    for (String judge : judges(latent)) {
      columns.add(judged(judge));
    }
    columns.add(count("broken", "Broken", row -> row.broken().successes()));
    columns.add(count("n", "of", row -> row.broken().n()));
    columns.add(number("tokens", "Tokens", Unit.RATIO, DecodedRow::tokens));
    columns.add(
        numberOr(
            "perplexity",
            "Perplexity",
            Unit.RATIO,
            row -> row.loss().map(CrossEntropy::perplexity),
            NO_TOKEN));
    return Table.of(
        "decoded",
        "Answers written by the first blocks alone: by judge, how many of them are in a language it"
            + " is calibrated for, and the share of these that refuse, with Wilson's interval;"
            + " answers that are empty or loop, mean length, and perplexity of the answers under"
            + " the whole model.",
        latent.decoded(),
        Columns.together(columns));
  }

  private static String tail(DecodedRow row) {
    return switch (row.tail()) {
      case NONE -> "as it is";
      case SHUFFLED -> "shuffled";
    };
  }

  private static List<String> judges(LatentResult latent) {
    return latent.decoded().stream()
        .flatMap(row -> row.refused().stream())
        .map(JudgedRate::judge)
        .distinct()
        .toList();
  }

  private static Columns<DecodedRow> judged(String judge) {
    String key = judge.replace('-', '_');
    return Columns.together(
        List.of(
            numberOr(
                key, judge, Unit.SHARE, row -> row.refusedBy(judge).map(Rate::share), NOT_JUDGED),
            rangeOr(
                key + "_interval",
                "Wilson",
                Unit.SHARE,
                row -> row.refusedBy(judge).map(rate -> rate.wilson(Interval.USUAL_LEVEL)),
                NOT_JUDGED)));
  }

  private static Table patchscope(PatchscopeResult scope) {
    return Table.of(
        "patchscope",
        "Readings of streams put into another prompt: ln p(harmful reading) − ln p(harmless"
            + " reading) with Student's 95 % interval, and the streams of which the harmful one is"
            + " likelier.",
        scope.rows(),
        ordinal("layer", "Read at", PatchedRow::layer),
        ordinal("into", "Put at", PatchedRow::into),
        code("streams", "Streams", PatchedRow::streams),
        number("preference", "Preference, nats", Unit.NATS, row -> row.preference().mean()),
        range("interval", "95 % interval", Unit.NATS, row -> row.preference().interval()),
        Columns.rate("harmful", "Harmful reading", PatchedRow::harmful));
  }
}
