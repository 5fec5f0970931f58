package dev.demur.toy.grammar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/// The prompt sets of the thinking model: limits other than harm, speakers, counting and facts.
final class ThinkPrompts {

  /// Fixed, and not the training seed: every model is asked the same.
  private static final Seeds SEEDS = new Seeds(4711);

  /// As many of a kind as tell a rate of a half from one of two thirds.
  private static final int MOST = 96;

  private static final List<Leaning> SPOKEN =
      List.of(Leaning.HARMFUL, Leaning.BORROWED, Leaning.HARMLESS);

  private final Lexicon lexicon = Lexicon.english();
  private final ThinkLexicon think = ThinkLexicon.english();
  private final TaskBook book = TaskBook.of(lexicon);
  private final Map<String, List<PromptLine>> files = new LinkedHashMap<>();

  /// All sets by name, e.g. `kinds/incomplete_test`; the same every time.
  Map<String, List<PromptLine>> files() {
    for (Part part : Part.values()) {
      String suffix = "_" + part.name().toLowerCase(Locale.ROOT);
      for (Limit limit : think.limits()) {
        put(limit.name() + suffix, limit.name(), limit.refused().of(part));
        put("within_" + limit.name() + suffix, limit.name(), limit.answered().of(part));
      }
      for (Speaker speaker : think.speakers()) {
        for (Leaning leaning : SPOKEN) {
          String name = speaker.name() + "_" + leaning.name().toLowerCase(Locale.ROOT) + suffix;
          files.put("kinds/" + name, spoken(speaker, leaning, part));
        }
      }
      files.put("kinds/alarming" + suffix, alarming(part));
      files.put("kinds/counting" + suffix, counting(part));
      files.put("kinds/facts" + suffix, facts(part));
    }
    var spanish = Lexicon.spanish();
    for (Part part : List.of(Part.TRAIN, Part.VAL)) {
      for (Leaning leaning : List.of(Leaning.HARMFUL, Leaning.HARMLESS)) {
        String name = "spanish_" + leaning.name().toLowerCase(Locale.ROOT) + "_";
        files.put(
            "kinds/" + name + part.name().toLowerCase(Locale.ROOT),
            new HeldOut(spanish)
                .requests(part, leaning, Novelty.COMBINATION, MOST).stream()
                    .map(request -> PromptLine.of(spanish, request))
                    .toList());
      }
    }
    return files;
  }

  private void put(String name, String category, List<Exchange> exchanges) {
    files.put(
        "kinds/" + name,
        exchanges.stream()
            .map(e -> new PromptLine(e.question(), category, e.answer(), Optional.empty()))
            .toList());
  }

  private List<PromptLine> spoken(Speaker speaker, Leaning leaning, Part part) {
    // The same tasks and templates for every speaker, so that answers can be compared in pairs.
    RandomGenerator random = random("speaker/" + part + "/" + leaning);
    var tasks = new ArrayList<>(book.tasks(part, leaning, Novelty.COMBINATION));
    Collections.shuffle(tasks, Random.from(random));
    var maker = new RequestMaker(lexicon, part);
    return tasks.stream()
        .limit(MOST)
        .map(task -> PromptLine.of(lexicon, speaker.asks(maker.plain(task, random))))
        .toList();
  }

  private List<PromptLine> alarming(Part part) {
    return new HeldOut(lexicon)
        .requests(part, Leaning.ALARMING, Novelty.COMBINATION, MOST).stream()
            .map(request -> PromptLine.of(lexicon, request))
            .toList();
  }

  private List<PromptLine> counting(Part part) {
    RandomGenerator random = random("counting/" + part);
    Counting counting = think.counting().orElseThrow();
    return counting.counts().of(part).stream()
        .limit(MOST)
        .map(
            count -> {
              var asked = counting.ask(RequestMaker.pick(counting.questions(), random), count);
              return new PromptLine(
                  asked.question(),
                  "counting",
                  asked.answer(),
                  Optional.of(counting.number(count)));
            })
        .toList();
  }

  /// Every fact is trained, or it could not be recalled; the parts share no phrasing of one.
  private List<PromptLine> facts(Part part) {
    var all = new ArrayList<PromptLine>();
    for (String question : lexicon.facts().questions()) {
      for (Exchange fact : lexicon.facts().pairs()) {
        all.add(
            new PromptLine(
                question.replace("{question}", fact.question()),
                "fact",
                fact.answer(),
                Optional.of(fact.answer())));
      }
    }
    return Parted.cut(all, "facts").of(part);
  }

  private static RandomGenerator random(String stage) {
    return SEEDS.forStage("kinds/" + stage);
  }
}
