package dev.demur.lab.map.style;

import dev.demur.lab.LowerCase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// How a refusal speaks.
///
/// The phrases are in `refusal-styles.txt`, beside this class; a refusal has the first style in
/// this order one of whose phrases is found. They are English and were not measured against
/// people's labels.
public enum Style {
  /// What the model is: "as an AI", "I have no voice".
  IDENTITY("identity"),
  /// What it lacks to answer: "what do you mean", "please tell me which".
  MISSING("missing context"),
  /// What is wrong: "that would hurt someone".
  MORAL("moral"),
  /// What is not allowed: "against my guidelines", "illegal".
  POLICY("policy"),
  /// What it cannot do: "I am unable to".
  CAPABILITY("capability"),
  /// None of these.
  OTHER("other");

  private static final Map<Style, List<Pattern>> PHRASES = phrases();

  private final String text;

  Style(String text) {
    this.text = text;
  }

  /// The name in tables.
  public String text() {
    return text;
  }

  /// The style of one refusal.
  public static Style of(String refusal) {
    String plain = LowerCase.of(refusal.replace('\u2019', '\''));
    for (var style : values()) {
      if (PHRASES.getOrDefault(style, List.of()).stream().anyMatch(p -> p.matcher(plain).find())) {
        return style;
      }
    }
    return OTHER;
  }

  private static Map<Style, List<Pattern>> phrases() {
    try (var in = Style.class.getResourceAsStream("refusal-styles.txt")) {
      if (in == null) {
        throw new IllegalStateException("refusal-styles.txt is missing from the program");
      }
      var phrases = new EnumMap<Style, List<Pattern>>(Style.class);
      List<Pattern> open = new ArrayList<>();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (line.startsWith("[")) {
          String name = line.substring(1, line.length() - 1);
          open = phrases.computeIfAbsent(Style.valueOf(name), _ -> new ArrayList<>());
        } else if (!line.isBlank() && !line.startsWith("#")) {
          open.add(Pattern.compile(line));
        }
      }
      return phrases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
