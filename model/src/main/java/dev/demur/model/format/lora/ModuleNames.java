package dev.demur.model.format.lora;

import dev.demur.model.format.LimitedText;
import dev.demur.model.format.ModelFormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/// Which modules of a model are meant, as peft's `target_modules` says it.
sealed interface ModuleNames {

  /// The longest known, a list of layers, has some 200 characters.
  int MAX_EXPRESSION = 1000;

  /// Modules whose whole name, or the end of it from a dot on, is one of these.
  record Ends(List<String> names) implements ModuleNames {
    public Ends {
      names = List.copyOf(names);
    }
  }

  /// Modules whose whole name matches.
  record Expression(Path file, String expression) implements ModuleNames {}

  /// All matrices but the unembedding.
  record AllLinear() implements ModuleNames {}

  /// Reads `target_modules`.
  static ModuleNames of(Path file, JsonNode json) throws ModelFormatException {
    if (json.isString()) {
      String text = json.asString();
      return text.equals("all-linear") ? new AllLinear() : new Expression(file, text);
    }
    var names = new ArrayList<String>();
    for (var name : json) {
      names.add(name.asString(""));
    }
    if (names.isEmpty()) {
      throw new ModelFormatException(file, "has no target_modules; fetch the file again");
    }
    return new Ends(names);
  }

  /// Whether a module is meant.
  default boolean contain(String module) throws ModelFormatException {
    return switch (this) {
      case Ends(var names) ->
          names.stream().anyMatch(name -> module.equals(name) || module.endsWith("." + name));
      case Expression(var file, var expression) -> matches(file, expression, module);
      case AllLinear() -> true;
    };
  }

  /// Matches a whole text against an expression a stranger wrote.
  ///
  /// @throws ModelFormatException if it is not an expression, or takes too long
  static boolean matches(Path file, String expression, String text) throws ModelFormatException {
    if (expression.length() > MAX_EXPRESSION) {
      throw new ModelFormatException(
          file, "holds an expression of " + expression.length() + " characters");
    }
    try {
      return Pattern.compile(expression).matcher(new LimitedText(text)).matches();
    } catch (PatternSyntaxException | LimitedText.Spent e) {
      throw new ModelFormatException(
          file,
          "holds the expression \""
              + expression.replaceAll("\\p{Cntrl}", "?")
              + "\", which cannot be used; name the modules one by one",
          e);
    }
  }
}
