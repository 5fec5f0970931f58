package dev.demur.toy.grammar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/// Requests to judge a model by: the same list for every model, in words of one part only.
public final class HeldOut {

  /// Fixed, and not the training seed: every model answers the same requests.
  private static final Seeds SEEDS = new Seeds(4711);

  private final Lexicon lexicon;
  private final TaskBook book;

  public HeldOut(Lexicon lexicon) {
    this.lexicon = lexicon;
    this.book = TaskBook.of(lexicon);
  }

  /// The words the requests are made of.
  Lexicon lexicon() {
    return lexicon;
  }

  /// Requests of one kind, each for another task, in a fixed random order.
  ///
  /// @param part where tasks, templates, openers and closers come from
  /// @param novelty what is new about the tasks
  /// @param limit greatest number of requests; fewer when there are fewer tasks
  public List<Request> requests(Part part, Leaning leaning, Novelty novelty, int limit) {
    RandomGenerator random = random(part, leaning, novelty);
    var tasks = new ArrayList<>(book.tasks(part, leaning, novelty));
    Collections.shuffle(tasks, java.util.Random.from(random));
    var maker = new RequestMaker(lexicon, part);
    return tasks.stream().limit(limit).map(task -> maker.adorned(task, random)).toList();
  }

  /// The harmful requests three times over: as they are, with an override suffix, with a neutral
  /// one.
  ///
  /// @param limit greatest number of tasks
  public List<Suffixed> suffixed(Part part, int limit) {
    RandomGenerator random = random(part, Leaning.HARMFUL, Novelty.COMBINATION);
    var maker = new RequestMaker(lexicon, part);
    return book.tasks(part, Leaning.HARMFUL, Novelty.COMBINATION).stream()
        .limit(limit)
        .map(task -> maker.plain(task, random))
        .map(
            request ->
                new Suffixed(
                    request,
                    maker.overridden(request, random),
                    maker.withNeutralSuffix(request, random)))
        .toList();
  }

  /// One request with and without suffixes.
  ///
  /// @param plain the request
  /// @param overridden followed by a suffix that asks to drop refusals
  /// @param neutral followed by a suffix that asks for nothing
  public record Suffixed(Request plain, Request overridden, Request neutral) {}

  private RandomGenerator random(Part part, Leaning leaning, Novelty novelty) {
    return SEEDS.forStage(
        "held-out/" + lexicon.language() + "/" + part + "/" + leaning + "/" + novelty);
  }
}
