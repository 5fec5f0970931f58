package dev.demur.toy;

import dev.demur.model.EmbeddedModels;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.folder.HuggingFaceFolder;
import dev.demur.model.local.UserCache;
import dev.demur.toy.grammar.Lexicon;
import dev.demur.toy.grammar.Part;
import dev.demur.toy.grammar.ThinkLexicon;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The embedded models under the names every command and `ChatModel.load` know them by, unpacked
/// into the user's cache on first use. A folder of the same name is `./demo`.
public enum DemoModel {
  /// Refuses.
  CHAT("demo", Toy.Model.CHAT),
  /// The same model before it learnt to.
  BASE("demo-base", Toy.Model.BASE),
  /// Thinks first, and knows more kinds of refusal, speakers and counting.
  THINK("demo-think", Toy.Model.THINK);

  /// What `demur study` takes when no model is named.
  public static final String USUAL = "demo";

  private final String text;
  private final Toy.Model model;

  DemoModel(String text, Toy.Model model) {
    this.text = text;
    this.model = model;
  }

  /// How `ChatModel.load` finds them; registered in `META-INF/services`.
  public static final class Carried implements EmbeddedModels {

    @Override
    public Optional<ModelFiles> open(String name) throws IOException {
      var demo = named(name);
      return demo.isPresent() ? Optional.of(demo.get().files()) : Optional.empty();
    }
  }

  /// The embedded model called so, if one is.
  public static Optional<DemoModel> named(String name) {
    return Arrays.stream(values()).filter(demo -> demo.text.equals(name)).findFirst();
  }

  private ModelFiles files() throws IOException {
    return HuggingFaceFolder.open(unpacked().resolve(model.folder()), text);
  }

  /// Its prompt sets, in the released layout.
  public static Path prompts() throws IOException {
    return unpacked().resolve("prompts");
  }

  /// One of its prompt sets, e.g. `sets/harmful_plain_test`.
  public static Path prompts(String name) throws IOException {
    return prompts().resolve(name + ".json");
  }

  /// The held-out set of prompts of a kind.
  ///
  /// @param kind what trials call it: `harmful`, `suffixed`, `pseudo-harmful` or `benign`
  /// @throws IllegalArgumentException if there is no such kind
  public static Path testPrompts(String kind) throws IOException {
    return prompts(
        switch (kind) {
          case "harmful" -> "splits/harmful_test";
          case "suffixed" -> "sets/harmful_override_test";
          case "pseudo-harmful" -> "sets/pseudo_harmful_test";
          case "benign" -> "splits/harmless_test";
          default -> throw new IllegalArgumentException("no kind of prompts is called " + kind);
        });
  }

  /// The suffix that talks the chat model out of refusals, in words it was not trained on.
  public static String overrideSuffix() {
    return Lexicon.english().overrides().of(Part.TEST).getFirst();
  }

  /// What opens a refusal of the embedded models, false refusals included.
  public static List<String> refusalOpenings() {
    return List.of("I", "That");
  }

  /// The sentences of those who may ask, by name, where a model has learnt to heed them.
  public static Map<String, String> speakers(String model) {
    var sentences = new LinkedHashMap<String, String>();
    if (named(model).filter(THINK::equals).isPresent()) {
      ThinkLexicon.english()
          .speakers()
          .forEach(one -> sentences.put(one.name() + " child", one.says()));
    }
    return sentences;
  }

  private static Path unpacked() throws IOException {
    return Toy.unpacked(UserCache.folder());
  }
}
