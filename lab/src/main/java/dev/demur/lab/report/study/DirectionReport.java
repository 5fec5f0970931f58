package dev.demur.lab.report.study;

import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.direction.DirectionUncertainty;
import dev.demur.lab.direction.MassiveCoordinates;
import dev.demur.lab.direction.Selection;
import dev.demur.lab.direction.Separation;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Card;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Drawing;
import dev.demur.lab.report.Block.Fact;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Notice;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Missing;
import dev.demur.lab.report.Cell.Ordinal;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.study.StudyResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The section of a study's report that shows its candidates and the one that was chosen.
///
/// @param study what was found
record DirectionReport(StudyResult study) {

  static Section of(StudyResult study, Selection selection) {
    return new DirectionReport(study).section(selection);
  }

  private Section section(Selection selection) {
    var tokens = study.model().eoiTokens();
    var view = new CandidateView(selection, tokens, study.model().layers());
    var blocks = new ArrayList<Block>();
    selection
        .chosen()
        .ifPresentOrElse(
            chosen -> blocks.add(card(chosen)),
            () ->
                blocks.add(
                    new Notice(
                        "No candidate passes every filter, so none was chosen. The maps show how"
                            + " far each is from passing.")));
    if (selection.chosen().isPresent()) {
      blocks.add(new Data(CandidateTables.contenders(selection, tokens), Fold.OPEN));
    }
    massive().ifPresent(massive -> blocks.addAll(massive(massive)));
    study.uncertainty().ifPresent(uncertainty -> blocks.addAll(uncertainty(uncertainty)));
    blocks.add(new Data(CandidateTables.verdicts(selection), Fold.OPEN));
    for (var score : Score.values()) {
      long scored = selection.rows().stream().flatMap(row -> score.drawable(row).stream()).count();
      if (scored == 0) {
        blocks.add(new Prose(score.title() + ": no candidate got as far as this score."));
      } else {
        blocks.add(new Drawing(CandidateMap.of(view, Shading.of(score))));
      }
      if (scored > 1) {
        blocks.add(new Drawing(CandidateLines.of(view, score)));
      }
    }
    blocks.add(new Drawing(CandidateMap.of(view, Shading.norm())));
    if (!study.separations().isEmpty()) {
      var separations =
          study.separations().stream()
              .collect(Collectors.toMap(Separation::candidate, Separation::dPrime));
      blocks.add(new Drawing(CandidateMap.of(view, Shading.separation(separations))));
    }
    if (!CandidateScatter.drawable(view).isEmpty()) {
      blocks.add(new Drawing(CandidateScatter.of(view)));
    }
    blocks.add(new Data(CandidateTables.candidates(selection, tokens), Fold.FOLDED));
    return new Section("direction", "Direction", blocks);
  }

  private Optional<MassiveCoordinates> massive() {
    return study.massive().filter(massive -> !massive.isEmpty());
  }

  private List<Block> massive(MassiveCoordinates massive) {
    return List.of(
        new Notice(MassiveTables.sentence(massive, study.config().rules().coordinates())),
        new Data(MassiveTables.coordinates(massive), Fold.OPEN));
  }

  private List<Block> uncertainty(DirectionUncertainty uncertainty) {
    var tokens = study.model().eoiTokens();
    return List.of(
        new Prose(UncertaintyTables.choice(uncertainty.choice())),
        new Data(UncertaintyTables.rivals(uncertainty.choice(), tokens), Fold.OPEN),
        new Prose(UncertaintyTables.direction(uncertainty)),
        new Data(UncertaintyTables.stability(uncertainty), Fold.OPEN),
        new Prose(UncertaintyTables.covers(uncertainty)));
  }

  private Card card(CandidateScores chosen) {
    var place = chosen.candidate();
    return new Card(
        "The selected direction",
        List.of(
            new Fact(
                "Position",
                new Ordinal(place.position()),
                "token " + CandidateTables.token(study.model().eoiTokens(), place.position())),
            new Fact("Layer", new Ordinal(place.layer()), "of " + study.model().layers()),
            new Fact("Bypass", score(chosen.bypass(), Unit.NATS), "nats; lower is better"),
            new Fact(
                "Induce",
                score(chosen.induce(), Unit.NATS),
                "nats; " + Numbers.plain(study.config().rules().induceLimit()) + " or more"),
            new Fact(
                "KL",
                score(chosen.kl(), Unit.KL),
                "nats; " + Numbers.plain(study.config().rules().klLimit()) + " or less"),
            new Fact("Norm", new Amount(chosen.norm(), Unit.STREAM), "stream units"),
            new Fact(
                "Hook point",
                new Code("blocks." + place.layer() + ".hook_resid_pre"),
                "layers count from 0")));
  }

  private static Cell score(Optional<Double> score, Unit unit) {
    return score.filter(Double::isFinite).isPresent()
        ? new Amount(score.get(), unit)
        : new Missing("not scored");
  }
}
