package dev.demur.toy.grammar;

import dev.demur.model.local.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/// The prompt sets that go with the demo model, as files a study reads:
/// `splits/harmful_train.json`, `sets/pseudo_harmful_test.json` and so on, each a list of
/// `{"instruction", "category"}`.
///
/// Sets named `_train`, `_val` and `_test` share no task and no template. `new_verbs` and
/// `new_objects` sets use words the model never saw.
public final class PromptFiles {

  private final SequencedMap<String, List<Request>> files = new TreeMap<>();

  /// Draws all sets; the same every time.
  public PromptFiles() {
    var english = new HeldOut(Lexicon.english());
    for (Part part : Part.values()) {
      String suffix = "_" + part.name().toLowerCase(java.util.Locale.ROOT);
      put("splits/harmful" + suffix, english, part, Leaning.HARMFUL, Novelty.COMBINATION);
      put("splits/harmless" + suffix, english, part, Leaning.HARMLESS, Novelty.COMBINATION);
      putPseudoHarmful("sets/pseudo_harmful" + suffix, english, part);
      if (part != Part.TRAIN) {
        put("sets/harmful_new_verbs" + suffix, english, part, Leaning.HARMFUL, Novelty.VERB);
        put("sets/harmless_new_verbs" + suffix, english, part, Leaning.HARMLESS, Novelty.VERB);
        put("sets/harmful_new_objects" + suffix, english, part, Leaning.HARMFUL, Novelty.OBJECT);
        put("sets/harmless_new_objects" + suffix, english, part, Leaning.HARMLESS, Novelty.OBJECT);
      }
      putSuffixed(suffix, english, part);
    }
    var spanish = new HeldOut(Lexicon.spanish());
    put("sets/spanish_harmful_test", spanish, Part.TEST, Leaning.HARMFUL, Novelty.COMBINATION);
    put("sets/spanish_harmless_test", spanish, Part.TEST, Leaning.HARMLESS, Novelty.COMBINATION);
  }

  /// File names without `.json`, in order.
  public List<String> names() {
    return List.copyOf(files.keySet());
  }

  /// Writes all files below a folder.
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("splits"));
    Files.createDirectories(folder.resolve("sets"));
    for (String name : names()) {
      WholeFile.write(folder.resolve(name + ".json"), json(name));
    }
  }

  /// The text of one file: one prompt a line.
  ///
  /// @throws IllegalArgumentException if there is no such file
  public String json(String name) {
    var requests = files.get(name);
    if (requests == null) {
      throw new IllegalArgumentException(
          "no prompt set is called " + name + "; there are " + names());
    }
    var mapper = new JsonMapper();
    var lexicon = lexiconOf(name);
    var lines = new ArrayList<String>();
    for (Request request : requests) {
      lines.add(
          "  "
              + mapper.writeValueAsString(
                  mapper
                      .createObjectNode()
                      .put("instruction", request.text())
                      .put("category", request.task().group())
                      .put("answer", lexicon.answer(request))));
    }
    return "[\n" + String.join(",\n", lines) + "\n]\n";
  }

  private static Lexicon lexiconOf(String name) {
    return name.contains("spanish") ? Lexicon.spanish() : Lexicon.english();
  }

  private void put(String name, HeldOut from, Part part, Leaning leaning, Novelty novelty) {
    files.put(name, from.requests(part, leaning, novelty, Integer.MAX_VALUE));
  }

  private void putPseudoHarmful(String name, HeldOut from, Part part) {
    var both = new ArrayList<Request>();
    for (Leaning leaning : List.of(Leaning.ALARMING, Leaning.BORROWED)) {
      both.addAll(from.requests(part, leaning, Novelty.COMBINATION, Integer.MAX_VALUE));
    }
    java.util.Collections.shuffle(
        both, java.util.Random.from(new Seeds(4711).forStage("pseudo-harmful/" + part)));
    files.put(name, both);
  }

  private void putSuffixed(String suffix, HeldOut from, Part part) {
    var all = from.suffixed(part, Integer.MAX_VALUE);
    files.put("sets/harmful_plain" + suffix, all.stream().map(HeldOut.Suffixed::plain).toList());
    files.put(
        "sets/harmful_override" + suffix, all.stream().map(HeldOut.Suffixed::overridden).toList());
    files.put(
        "sets/harmful_neutral" + suffix, all.stream().map(HeldOut.Suffixed::neutral).toList());
  }
}
