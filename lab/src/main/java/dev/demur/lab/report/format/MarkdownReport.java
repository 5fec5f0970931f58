package dev.demur.lab.report.format;

import dev.demur.lab.VisibleText;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Card;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Dialogue;
import dev.demur.lab.report.Block.Drawing;
import dev.demur.lab.report.Block.Figure;
import dev.demur.lab.report.Block.Figures;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Lead;
import dev.demur.lab.report.Block.Link;
import dev.demur.lab.report.Block.Notice;
import dev.demur.lab.report.Block.Points;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Block.References;
import dev.demur.lab.report.Block.SideBySide;
import dev.demur.lab.report.Block.Verbatim;
import dev.demur.lab.report.Example;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A report in Markdown that reads well as plain text: wrapped lines, padded tables, no drawings.
public final class MarkdownReport {

  private static final int WIDTH = 88;

  private MarkdownReport() {}

  /// The file's text.
  public static String write(Report report) {
    var parts = new ArrayList<String>();
    parts.add("# " + inline(report.title()));
    parts.add(wrapped(report.kicker() + " · " + report.subtitle(), "", ""));
    for (var section : report.sections()) {
      section(section, parts);
    }
    return VisibleText.of(String.join("\n\n", parts) + "\n");
  }

  private static void section(Section section, List<String> parts) {
    parts.add("## " + inline(section.title()));
    section.blocks().forEach(block -> block(block, parts));
  }

  private static void block(Block block, List<String> parts) {
    switch (block) {
      case Lead(var words) -> parts.add("**" + wrapped(words, "", "") + "**");
      case Prose(var words) -> parts.add(wrapped(words, "", ""));
      case Notice(var words) -> parts.add(wrapped("Note: " + words, "> ", "> "));
      case Points(var heading, var items) -> {
        parts.add("### " + inline(heading));
        parts.add(list(items));
      }
      case SideBySide(var blocks) -> blocks.forEach(inner -> block(inner, parts));
      case Figures(var figures) ->
          parts.add(list(figures.stream().map(MarkdownReport::figure).toList()));
      case Card(var title, var facts) -> {
        parts.add("### " + inline(title));
        parts.add(
            list(
                facts.stream()
                    .map(
                        f ->
                            f.name()
                                + ": "
                                + MarkdownTable.text(f.value())
                                + (f.note().isEmpty() ? "" : " (" + f.note() + ")"))
                    .toList()));
      }
      case Data(var table, var fold) -> parts.add(data(table, fold));
      case Drawing(var chart) ->
          parts.add(
              wrapped(
                  "Drawing in report.html: " + chart.title().toLowerCase(Locale.ROOT) + ".",
                  "",
                  ""));
      case Dialogue(var example) -> dialogue(example, parts);
      case Verbatim(var heading, var text) -> {
        parts.add("### " + inline(heading));
        parts.add(fenced(text));
      }
      case Link(var text, var address) -> parts.add(wrapped(text + ": " + address, "", ""));
      case References(var citations) ->
          parts.add(list(citations.stream().map(c -> c.text() + " " + c.address()).toList()));
    }
  }

  private static String figure(Figure figure) {
    var before = figure.before().stream().map(c -> MarkdownTable.text(c) + " → ").toList();
    return "%s: %s%s (%s)"
        .formatted(
            figure.label(),
            String.join("", before),
            MarkdownTable.text(figure.value()),
            figure.note());
  }

  private static String data(Table table, Fold fold) {
    return switch (fold) {
      case OPEN -> wrapped(table.caption(), "", "") + "\n\n" + MarkdownTable.write(table);
      case FOLDED ->
          wrapped(
              "%s %s in tables/%s.csv."
                  .formatted(
                      table.caption(), Numbers.counted(table.rows().size(), "row"), table.id()),
              "",
              "");
    };
  }

  private static void dialogue(Example example, List<String> parts) {
    parts.add("### " + inline(example.set()) + ", prompt " + example.index());
    parts.add(fenced(example.instruction()));
    for (var answer : example.answers()) {
      parts.add(
          wrapped(Wording.variant(answer.variant()) + " (" + answer.verdicts() + "):", "", ""));
      parts.add(fenced(answer.text()));
    }
  }

  /// Text as it is, inside a fence longer than any run of backticks in it.
  private static String fenced(String text) {
    String fence = "```";
    while (text.contains(fence)) {
      fence += "`";
    }
    return fence + "text\n" + text.strip() + "\n" + fence;
  }

  private static String list(List<String> items) {
    return String.join("\n", items.stream().map(item -> wrapped(item, "- ", "  ")).toList());
  }

  /// Words wrapped at a fixed width.
  private static String wrapped(String words, String first, String rest) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder(first);
    boolean empty = true;
    for (String word : inline(words).strip().split("[ \n\t]+", -1)) {
      if (!empty && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(rest);
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    lines.add(line.toString());
    return String.join("\n", lines);
  }

  /// One line, with what Markdown or HTML inside it would take for markup escaped.
  static String inline(String text) {
    return VisibleText.of(text.replaceAll("[\\r\\n]+", " "))
        .replace("\\", "\\\\")
        .replace("<", "\\<")
        .replace("`", "\\`")
        .replace("*", "\\*")
        .replace("[", "\\[");
  }
}
