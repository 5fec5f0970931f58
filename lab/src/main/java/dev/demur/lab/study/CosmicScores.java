package dev.demur.lab.study;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.direction.CandidateScores.Verdict;
import dev.demur.lab.direction.ScoredCandidate;
import dev.demur.lab.run.MissingRows;
import dev.demur.lab.run.Stage;
import dev.demur.lab.steer.Cosmic;
import java.io.IOException;
import java.util.List;

/// The stage that scores, by the stream alone, the candidates that pass the filters.
///
/// @param inputs all that decides the scores
/// @param grid the candidates
/// @param eligible which of them are scored
/// @param cosmic scores them
/// @param rows of the prompts, for timings
record CosmicScores(
    Object inputs, CandidateGrid grid, List<Candidate> eligible, Cosmic cosmic, long rows)
    implements Stage.OfRows<CosmicScores.Scored> {

  /// One candidate's score.
  ///
  /// @param place in the list of those that are scored
  record Scored(int place, double score) {}

  /// The candidates of some rows that pass the filters.
  static List<Candidate> eligible(List<ScoredCandidate> scored) {
    return scored.stream()
        .map(ScoredCandidate::scores)
        .filter(row -> row.verdict() == Verdict.ELIGIBLE)
        .map(CandidateScores::candidate)
        .toList();
  }

  /// Rows with their scores where there are any.
  List<CandidateScores> added(List<ScoredCandidate> scored, List<Scored> found) {
    return scored.stream()
        .map(ScoredCandidate::scores)
        .map(
            row -> {
              int place = eligible.indexOf(row.candidate());
              return place < 0 ? row : row.withCosmic(found.get(place).score());
            })
        .toList();
  }

  @Override
  public String name() {
    return "select-cosmic";
  }

  @Override
  public Class<Scored> type() {
    return Scored.class;
  }

  @Override
  public String title() {
    return "select by the stream";
  }

  @Override
  public int size() {
    return eligible.size();
  }

  @Override
  public int place(Scored row) {
    return row.place();
  }

  @Override
  public long make(MissingRows<Scored> missing) throws IOException {
    for (int place : missing.places()) {
      missing.add(new Scored(place, cosmic.of(grid.direction(eligible.get(place)))));
    }
    return missing.added().size() * rows;
  }
}
