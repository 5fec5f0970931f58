package dev.demur.lab.report.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A piece of HTML as a tree. There is no node for raw markup, so nothing from outside can become
/// markup: text and attribute values are escaped when written.
sealed interface Html {

  /// Words.
  record Text(String text) implements Html {}

  /// An element.
  record Element(String tag, Map<String, String> attributes, List<Html> children) implements Html {
    public Element {
      attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
      children = List.copyOf(children);
    }

    /// The same element with one attribute more.
    Element with(String name, String value) {
      var more = new LinkedHashMap<>(attributes);
      more.put(name, value);
      return new Element(tag, more, children);
    }
  }

  /// Elements that have no end tag.
  Set<String> VOID = Set.of("br", "hr", "meta", "img");

  static Html text(String text) {
    return new Text(text);
  }

  static Element element(String tag, Html... children) {
    return new Element(tag, Map.of(), Arrays.asList(children));
  }

  static Element element(String tag, List<? extends Html> children) {
    return new Element(tag, Map.of(), new ArrayList<>(children));
  }

  static Element element(String tag, String text) {
    return element(tag, text(text));
  }

  /// A name fit for an id: letters, digits and hyphens.
  static String slug(String name) {
    return name.replaceAll("[^A-Za-z0-9]+", "-");
  }

  /// The markup.
  static String write(List<? extends Html> nodes) {
    var out = new StringBuilder();
    for (Html node : nodes) {
      node.writeTo(out);
    }
    return out.toString();
  }

  private void writeTo(StringBuilder out) {
    switch (this) {
      case Text(var text) -> out.append(escape(text));
      case Element(var tag, var attributes, var children) -> {
        out.append('<').append(tag);
        attributes.forEach(
            (name, value) ->
                out.append(' ').append(name).append("=\"").append(escape(value)).append('"'));
        out.append('>');
        if (!VOID.contains(tag)) {
          for (Html child : children) {
            child.writeTo(out);
          }
          out.append("</").append(tag).append('>');
        }
      }
    }
  }

  /// Escapes for text and for attribute values in double quotes. Control characters, which HTML
  /// does not allow, become replacement characters.
  static String escape(String text) {
    var out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        case '\n', '\t' -> out.append(c);
        default -> out.append(Character.isISOControl(c) ? '\ufffd' : c);
      }
    }
    return out.toString();
  }
}
