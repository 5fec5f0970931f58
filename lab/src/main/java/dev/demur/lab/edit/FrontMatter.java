package dev.demur.lab.edit;

import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// The lines at the top of a model card that programs read: where a model comes from, what it is to
/// its source, its licence, what opens it.
///
/// Source: the Hub's model cards, <https://huggingface.co/docs/hub/model-cards>.
///
/// @param base the source's name; left out of the card where it is no name of the hub
/// @param relation what the model is to its source
/// @param licence the source's own lines about it
record FrontMatter(String base, Relation relation, List<String> licence) {

  private static final String CARD = "README.md";

  /// The lines stand at the top; a card is not read beyond.
  private static final int MOST_BYTES = 1 << 16;

  /// What the source says of its licence, where that is one plain value: nothing that could end the
  /// line or begin another meaning.
  private static final Pattern LICENCE =
      Pattern.compile("(?m)^(license(?:_name|_link)?: *[\\w.:/+-]{1,200}) *$");

  /// What a model is to its source.
  enum Relation {
    FINETUNE("transformers"),
    ADAPTER("peft");

    private final String library;

    Relation(String library) {
      this.library = library;
    }
  }

  FrontMatter {
    licence = List.copyOf(licence);
  }

  /// The lines of a model made from the one in `folder`.
  static FrontMatter of(String base, Relation relation, Path folder) throws IOException {
    return new FrontMatter(base, relation, licence(folder.resolve(CARD)));
  }

  private static List<String> licence(Path card) throws IOException {
    if (!RegularFile.isFile(card)) {
      return List.of();
    }
    String text;
    try (var stream = RegularFile.stream(card)) {
      text = new String(stream.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    }
    int end = text.indexOf("\n---", 3);
    return text.startsWith("---") && end > 0
        ? LICENCE.matcher(text.substring(0, end)).results().map(r -> r.group(1)).toList()
        : List.of();
  }

  /// The lines, with those that open and close them.
  String text() {
    var lines = new ArrayList<String>();
    lines.add("---");
    if (isOfHub(base)) {
      lines.add("base_model: " + base);
      lines.add("base_model_relation: " + relation.name().toLowerCase(Locale.ROOT));
    }
    lines.add("library_name: " + relation.library);
    lines.add("pipeline_tag: text-generation");
    lines.addAll(licence);
    lines.add("tags:");
    lines.add("- demur-edited");
    lines.add("- refusal-direction");
    lines.add("---");
    return String.join("\n", lines);
  }

  private static boolean isOfHub(String name) {
    return name.matches("[\\w.-]+/[\\w.-]+");
  }
}
