package dev.demur.lab.study;

import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.ScoredCandidate;
import dev.demur.lab.run.MissingRows;
import dev.demur.lab.run.Stage;
import java.io.IOException;

/// The stage that gives candidates their scores.
///
/// @param inputs all that decides the scores
/// @param grid the candidates
/// @param race how they are scored
record ScoreCandidates(Object inputs, CandidateGrid grid, CandidateRace race)
    implements Stage.OfRows<ScoredCandidate> {

  @Override
  public String name() {
    return "select";
  }

  @Override
  public Class<ScoredCandidate> type() {
    return ScoredCandidate.class;
  }

  @Override
  public String title() {
    return "select";
  }

  @Override
  public int size() {
    return grid.candidates().size();
  }

  @Override
  public int place(ScoredCandidate row) {
    return grid.candidates().indexOf(row.scores().candidate());
  }

  @Override
  public long make(MissingRows<ScoredCandidate> missing) throws IOException {
    race.run(missing);
    return race.rows();
  }
}
