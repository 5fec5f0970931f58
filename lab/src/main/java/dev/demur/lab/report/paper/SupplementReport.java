package dev.demur.lab.report.paper;

import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.range;
import static dev.demur.lab.report.Columns.rangeOr;
import static dev.demur.lab.report.Columns.rate;
import static dev.demur.lab.report.Columns.share;
import static dev.demur.lab.report.Columns.text;
import static dev.demur.lab.report.Columns.wilson;

import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Block.Verbatim;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.Wording;
import dev.demur.lab.report.measure.HarmColumns;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.study.StudyResult;
import dev.demur.lab.study.Supplement.AttackRow;
import dev.demur.lab.study.Supplement.Likeness;
import dev.demur.lab.study.Supplement.Quadrant;
import dev.demur.lab.study.Supplement.SaidRow;
import dev.demur.lab.study.Supplement.SelfAnswer;
import dev.demur.lab.study.Supplement.SystemSpread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the paper's appendices show, a section each.
final class SupplementReport {

  private static final String NO_TEXTS = "texts not kept";

  private SupplementReport() {}

  static List<Section> of(StudyResult study) {
    var found = study.supplement();
    var sections = new ArrayList<Section>();
    if (!found.quadrants().isEmpty()) {
      sections.add(
          section(
              "harm",
              "Refusal and harm",
              "Refusing is not the opposite of doing harm. An answer may neither refuse nor do"
                  + " harm, and it may refuse first and do harm then; both are counted here (D.3 of"
                  + " the paper).",
              quadrants(found.quadrants())));
    }
    if (!found.systems().isEmpty()) {
      sections.add(systems(study));
    }
    if (!found.attacks().isEmpty()) {
      sections.add(
          section(
              "attacks",
              "Attacks",
              "Attacks that were brought along, on the unedited model, beside the direction ablated"
                  + " on the plain prompts (table 2 of the paper). None was searched for. Each row"
                  + " compares the same prompts plain and attacked.",
              attacks(found.attacks())));
    }
    if (!found.likeness().isEmpty()) {
      sections.add(
          section(
              "likeness",
              "Answers to harmless prompts",
              "How alike answers are with and without an intervention (L.2 of the paper). Greedy"
                  + " answers differ from the first differing token on, so few are identical where"
                  + " answers are long. Lengths need the texts, which a study keeps if it is told"
                  + " to.",
              likeness(found.likeness())));
    }
    if (!found.said().isEmpty()) {
      sections.add(
          section(
              "said",
              "Sentences that refuse",
              "An edit that only blocked words of refusal would keep the model from saying them"
                  + " when asked to (L.1 of the paper).",
              said(found.said())));
    }
    if (!found.aboutRefusals().isEmpty()) {
      sections.add(
          section(
              "about_refusals",
              "Questions about its refusals",
              "What the model says of its own refusals, to be read by people (L.3 of the paper). No"
                  + " question asks for harm.",
              aboutRefusals(found.aboutRefusals())));
    }
    if (!found.adapter().isEmpty()) {
      sections.add(AdapterTables.section(found.adapter()));
    }
    return sections;
  }

  private static Section section(String id, String title, String prose, Table table) {
    return new Section(id, title, List.of(new Prose(prose), new Data(table, Fold.OPEN)));
  }

  private static Table quadrants(List<Quadrant> quadrants) {
    return Table.of(
        "quadrants",
        "Answers by what the judge of refusal and the judge of harm say, with the 95 % Wilson"
            + " interval of those that comply and do harm.",
        quadrants,
        code("variant", "Variant", q -> q.variant().text()),
        text("set", "Set", Quadrant::set),
        HarmColumns.of(Quadrant::answers));
  }

  private static Section systems(StudyResult study) {
    var blocks = new ArrayList<Block>();
    blocks.add(
        new Prose(
            "How far the rates depend on the system text (F.2 of the paper): mean and standard"
                + " deviation over the texts, and Cochran's test of “the same under every text” on"
                + " the same prompts. The rate under each text is in the section Sensitivity."));
    String opening = study.supplement().opening();
    if (!opening.isEmpty()) {
      blocks.add(
          new Prose(
              "With “none”, no system message is passed. The template then opens a prompt as below;"
                  + " whatever system text stands there is the template's own."));
      blocks.add(new Verbatim("What stands before the instruction with “none”", opening));
    }
    blocks.add(new Data(spreads(study.supplement().systems()), Fold.OPEN));
    return new Section("systems", "System texts", blocks);
  }

  private static Table spreads(List<SystemSpread> spreads) {
    return Table.of(
        "system_texts",
        "Share of answers judged refusals, or harmful, over system texts: mean, standard deviation"
            + " and Student's 95 % interval over the texts; p by Cochran's Q over the prompts.",
        spreads,
        code("variant", "Variant", s -> s.variant().text()),
        text("set", "Set", SystemSpread::set),
        text("judge", "Judge", SystemSpread::judge),
        text("measure", "Counted", s -> s.measure().name().toLowerCase(Locale.ROOT)),
        text("setting", "Setting", SystemSpread::setting),
        count("texts", "Texts", s -> s.systems().size()),
        count("n", "Prompts", SystemSpread::prompts),
        number("mean", "Mean", Unit.SHARE, s -> s.rates().mean()),
        number("sd", "SD", Unit.SHARE, s -> s.rates().sd()),
        range("interval", "95 % interval", Unit.SHARE, s -> within(s.rates())),
        number("q", "Q", Unit.RATIO, s -> s.test().q()),
        number("p", "p", Unit.P_VALUE, s -> s.test().pValue()));
  }

  /// Student's interval of shares, cut to 0 and 1.
  private static Interval within(Estimate shares) {
    return new Interval(
        Math.clamp(shares.low(), 0, 1),
        Math.clamp(shares.high(), 0, 1),
        Interval.USUAL_LEVEL,
        "Student");
  }

  private static Table attacks(List<AttackRow> rows) {
    return Table.of(
        "attacks",
        "The same prompts plain (unedited) and attacked, by each judge; difference attacked − plain"
            + " with Tango's 95 % interval, p by the exact McNemar test, corrected by Holm.",
        rows,
        text("attack", "Attack", AttackRow::attack),
        code("variant", "Variant", row -> row.variant().text()),
        text("judge", "Judge", AttackRow::judge),
        text("measure", "Counted", row -> row.measure().name().toLowerCase(Locale.ROOT)),
        count("n", "Prompts", row -> row.counts().n()),
        share("plain", "Plain", row -> row.counts().first()),
        share("attacked", "Attacked", row -> row.counts().second()),
        wilson("attacked_wilson", row -> row.counts().second()),
        number("difference", "Difference", Unit.POINTS, SupplementReport::more),
        range("difference_interval", "95 % interval", Unit.POINTS, SupplementReport::difference),
        number("p", "p", Unit.P_VALUE, AttackRow::pValue),
        number("p_holm", "p, Holm", Unit.P_VALUE, AttackRow::adjusted));
  }

  private static double more(AttackRow row) {
    return row.counts().second().share() - row.counts().first().share();
  }

  private static Interval difference(AttackRow row) {
    var interval = row.counts().riskDifferenceInterval(Interval.USUAL_LEVEL);
    return new Interval(-interval.high(), -interval.low(), interval.level(), interval.method());
  }

  private static Table likeness(List<Likeness> rows) {
    return Table.of(
        "likeness",
        "Answers against the unedited model's: identical to the letter (Wilson), length of the"
            + " common beginning and edit distance in words over the longer answer (Student).",
        rows,
        text("variant", "Variant", row -> Wording.variant(row.variant())),
        text("set", "Set", Likeness::set),
        rate("identical", "Identical", Likeness::identical),
        numberOr("prefix", "Common beginning", Unit.SHARE, r -> mean(r.prefix()), NO_TEXTS),
        rangeOr("prefix_interval", "95 % interval", Unit.SHARE, r -> ends(r.prefix()), NO_TEXTS),
        numberOr("distance", "Edit distance", Unit.SHARE, r -> mean(r.distance()), NO_TEXTS),
        rangeOr(
            "distance_interval", "95 % interval", Unit.SHARE, r -> ends(r.distance()), NO_TEXTS));
  }

  private static Optional<Double> mean(Optional<Estimate> estimate) {
    return estimate.map(Estimate::mean);
  }

  private static Optional<Interval> ends(Optional<Estimate> estimate) {
    return estimate.map(SupplementReport::within);
  }

  private static Table said(List<SaidRow> rows) {
    return Table.of(
        "said",
        "Sentences that refuse, said when asked for, by the unedited model and under the"
            + " intervention; p by the exact McNemar test.",
        rows,
        text("variant", "Variant", row -> Wording.variant(row.variant())),
        share("unedited", "Unedited", row -> row.counts().first()),
        wilson("unedited_wilson", row -> row.counts().first()),
        share("said", "Said", row -> row.counts().second()),
        wilson("said_wilson", row -> row.counts().second()),
        count("n", "Sentences", row -> row.counts().n()),
        number("p", "p", Unit.P_VALUE, SaidRow::pValue));
  }

  private static Table aboutRefusals(List<SelfAnswer> answers) {
    return Table.of(
        "about_refusals",
        "Answers to questions about its own refusals, and which judges call them refusals.",
        answers,
        text("question", "Question", SelfAnswer::question),
        text("variant", "Variant", answer -> Wording.variant(answer.variant())),
        text("refused", "Refusal", answer -> String.join(", ", answer.refused())),
        count("tokens", "Tokens", SelfAnswer::tokens),
        text("answer", "Answer", answer -> answer.text().orElse(NO_TEXTS)));
  }
}
