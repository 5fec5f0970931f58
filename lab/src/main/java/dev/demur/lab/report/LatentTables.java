package dev.demur.lab.report;

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
import dev.demur.lab.latent.LatentResult.Tail;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Tables of what a model's lower layers hold.
final class LatentTables {

  private static final String TITLE = "Below the last layer";

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

  /// The same for a terminal.
  static Section brief(LatentResult latent) {
    var blocks = new ArrayList<Block>();
    if (!latent.decoded().isEmpty()) {
      blocks.add(new Data(decoded(latent), Fold.OPEN));
    }
    latent.patchscope().ifPresent(scope -> blocks.add(new Data(patchscope(scope), Fold.OPEN)));
    return new Section("latent", TITLE, blocks);
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
    columns.add(text("tail", "Tail", row -> row.tail() == Tail.SHUFFLED ? "shuffled" : "as it is"));
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
            "no answer has a token"));
    return Table.of(
        "decoded",
        "Answers written by the first blocks alone: by judge, how many of them are in a language it"
            + " is calibrated for, and the share of these that refuse, with Wilson's interval;"
            + " answers that are empty or loop, mean length, and perplexity of the answers under"
            + " the whole model.",
        latent.decoded(),
        Columns.together(columns));
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
    String why = "the judge is not calibrated for these answers";
    return Columns.together(
        List.of(
            numberOr(key, judge, Unit.SHARE, row -> row.refusedBy(judge).map(Rate::share), why),
            rangeOr(
                key + "_interval",
                "Wilson",
                Unit.SHARE,
                row -> row.refusedBy(judge).map(rate -> rate.wilson(Interval.USUAL_LEVEL)),
                why)));
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
