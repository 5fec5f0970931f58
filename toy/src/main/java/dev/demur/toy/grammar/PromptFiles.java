package dev.demur.toy.grammar;

import dev.demur.model.local.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/// The prompt sets that go with the demo model, as files a study reads:
/// `splits/harmful_train.json`, `sets/pseudo_harmful_test.json` and so on, each a list of
/// `{"instruction", "category"}`.
///
/// Sets named `_train`, `_val` and `_test` share no task and no template. `new_verbs` and
/// `new_objects` sets use words the model never saw. Those below `kinds/` are about what the
/// thinking model alone knows; `kinds/pairs.json` names pairs of them for a map.
public final class PromptFiles {

  private static final String PAIRS = "kinds/pairs.json";

  private final SequencedMap<String, List<PromptLine>> files = new TreeMap<>();

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
    files.putAll(new ThinkPrompts().files());
  }

  /// File names without `.json`, in order.
  public List<String> names() {
    return List.copyOf(files.keySet());
  }

  /// Writes all files below a folder.
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("splits"));
    Files.createDirectories(folder.resolve("sets"));
    Files.createDirectories(folder.resolve("kinds"));
    WholeFile.write(folder.resolve(PAIRS), pairs());
    for (String name : names()) {
      WholeFile.write(folder.resolve(name + ".json"), json(name));
    }
  }

  private static byte[] pairs() throws IOException {
    try (InputStream in = PromptFiles.class.getResourceAsStream("pairs.json")) {
      if (in == null) {
        throw new IOException("resource pairs.json is missing; build the toy module again");
      }
      return in.readAllBytes();
    }
  }

  /// The text of one file: one prompt a line.
  ///
  /// @throws IllegalArgumentException if there is no such file
  public String json(String name) {
    var lines = files.get(name);
    if (lines == null) {
      throw new IllegalArgumentException(
          "no prompt set is called " + name + "; there are " + names());
    }
    return "[\n"
        + String.join(",\n", lines.stream().map(line -> "  " + line.json()).toList())
        + "\n]\n";
  }

  private void put(String name, HeldOut from, Part part, Leaning leaning, Novelty novelty) {
    put(name, from.lexicon(), from.requests(part, leaning, novelty, Integer.MAX_VALUE));
  }

  private void put(String name, Lexicon lexicon, List<Request> requests) {
    files.put(name, requests.stream().map(r -> PromptLine.of(lexicon, r)).toList());
  }

  private void putPseudoHarmful(String name, HeldOut from, Part part) {
    var both = new ArrayList<Request>();
    for (Leaning leaning : List.of(Leaning.ALARMING, Leaning.BORROWED)) {
      both.addAll(from.requests(part, leaning, Novelty.COMBINATION, Integer.MAX_VALUE));
    }
    java.util.Collections.shuffle(
        both, java.util.Random.from(new Seeds(4711).forStage("pseudo-harmful/" + part)));
    put(name, from.lexicon(), both);
  }

  private void putSuffixed(String suffix, HeldOut from, Part part) {
    var all = from.suffixed(part, Integer.MAX_VALUE);
    var words = from.lexicon();
    put("sets/harmful_plain" + suffix, words, all.stream().map(HeldOut.Suffixed::plain).toList());
    put(
        "sets/harmful_override" + suffix,
        words,
        all.stream().map(HeldOut.Suffixed::overridden).toList());
    put(
        "sets/harmful_neutral" + suffix,
        words,
        all.stream().map(HeldOut.Suffixed::neutral).toList());
  }
}
