package dev.demur.lab.map.effect;

import dev.demur.lab.map.pairs.AskedSet;
import dev.demur.lab.map.pairs.AskedSet.Role;
import dev.demur.lab.map.pairs.MapPrompt;
import dev.demur.lab.stats.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The controlled set: prompts of four kinds, by what they are and by what the unedited model does
/// with them.
///
/// @param cells HR, HC, BR, BC
public record Controlled(List<Cell> cells) {

  /// One kind.
  ///
  /// @param name HR, HC, BR or BC
  /// @param role harmful or benign
  /// @param refused whether the unedited model refuses it
  /// @param prompts of the kind; may be none
  record Cell(String name, Role role, Outcome.Said refused, List<MapPrompt> prompts) {}

  /// A kind with fewer prompts is left out; the others would shrink to it.
  private static final int LEAST = 5;

  /// Draws the four kinds, equally many of each that has some.
  ///
  /// @param sets harmful and benign prompts
  /// @param unedited what they gave
  /// @param most of a kind
  public static Controlled of(List<AskedSet> sets, Answered unedited, int most) {
    var cells = new ArrayList<Cell>();
    for (var set : sets) {
      String letter = set.role() == Role.HARMFUL ? "H" : "B";
      for (var said : Outcome.Said.values()) {
        cells.add(
            new Cell(
                letter + said.letter(),
                set.role(),
                said,
                set.prompts().stream()
                    .filter(
                        prompt ->
                            unedited
                                .counts(prompt)
                                .map(Outcome.Said::of)
                                .filter(said::equals)
                                .isPresent())
                    .toList()));
      }
    }
    int each =
        Math.min(
            most,
            cells.stream()
                .mapToInt(c -> c.prompts().size())
                .filter(n -> n >= LEAST)
                .min()
                .orElse(0));
    return new Controlled(
        cells.stream()
            .map(
                c ->
                    new Cell(
                        c.name(),
                        c.role(),
                        c.refused(),
                        c.prompts().size() < LEAST ? List.of() : c.prompts().subList(0, each)))
            .toList());
  }

  /// Its cells that hold prompts, as sets to ask.
  public List<AskedSet> sets() {
    return cells.stream()
        .filter(cell -> !cell.prompts().isEmpty())
        .map(cell -> new AskedSet(cell.name(), cell.role(), cell.prompts()))
        .toList();
  }

  /// The shares an edit makes; empty where harmful or benign prompts are missing.
  ///
  /// @param effects of all edits; those on the cells are looked up
  public Optional<ControlledRow> row(Tried tried, List<Effect> effects) {
    return row(
        Optional.of(tried),
        name ->
            effects.stream()
                .filter(e -> e.set().equals(name) && e.tried().equals(tried))
                .findFirst()
                .flatMap(Effect::edited));
  }

  /// The same of the unedited model.
  public Optional<ControlledRow> unedited() {
    return row(
        Optional.empty(),
        name ->
            cells.stream()
                .filter(c -> c.name().equals(name) && !c.prompts().isEmpty())
                .findFirst()
                .map(
                    c ->
                        new Rate(
                            c.refused() == Outcome.Said.REFUSED ? c.prompts().size() : 0,
                            c.prompts().size())));
  }

  private interface Shares {
    Optional<Rate> of(String cell);
  }

  private static Optional<ControlledRow> row(Optional<Tried> tried, Shares shares) {
    var harmful = sum(shares.of("HR"), shares.of("HC"));
    var benign = sum(shares.of("BR"), shares.of("BC"));
    if (harmful.isEmpty() || benign.isEmpty()) {
      return Optional.empty();
    }
    int right = harmful.get().successes() + benign.get().n() - benign.get().successes();
    return Optional.of(
        new ControlledRow(
            tried,
            harmful.get(),
            benign.get(),
            new Rate(right, harmful.get().n() + benign.get().n())));
  }

  private static Optional<Rate> sum(Optional<Rate> one, Optional<Rate> two) {
    if (one.isEmpty() || two.isEmpty()) {
      return one.or(() -> two);
    }
    return Optional.of(
        new Rate(one.get().successes() + two.get().successes(), one.get().n() + two.get().n()));
  }
}
