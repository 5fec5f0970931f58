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
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.Wording;
import java.util.ArrayList;
import java.util.List;

/// A report for a terminal: plain lines, aligned by spaces, without drawings and folded tables.
///
/// A paragraph is one line, however long: terminals wrap, and a script finds a sentence whole.
/// Tables keep within 80 columns. Plain hyphens and spaces stand for true minus signs and fixed
/// spaces, so that numbers can be copied.
public final class TextReport {

  private static final String INDENT = "  ";

  /// What terminals have.
  private static final int COLUMNS = 80;

  private final List<String> lines = new ArrayList<>();

  private TextReport() {}

  /// The text, ending in a newline.
  public static String write(Report report) {
    var text = new TextReport();
    text.lines.add(
        report.subtitle().isEmpty() ? report.title() : report.title() + ": " + report.subtitle());
    report.sections().forEach(text::section);
    String whole = String.join("\n", text.lines) + "\n";
    return VisibleText.of(whole.replace('\u2212', '-').replace('\u00a0', ' '));
  }

  /// A section without a title continues with the text before it.
  private void section(Section section) {
    if (!section.title().isEmpty()) {
      lines.add("");
      lines.add(section.title());
    }
    section.blocks().forEach(this::block);
  }

  private void block(Block block) {
    switch (block) {
      case Lead(var words) -> add(words);
      case Prose(var words) -> add(words);
      case Notice(var words) -> add("Note: " + words);
      case Points(var heading, var items) -> {
        add(heading);
        items.forEach(item -> add(INDENT + item));
      }
      case SideBySide(var blocks) -> blocks.forEach(this::block);
      case Figures(var figures) -> figures.forEach(figure -> add(figure(figure)));
      case Card card -> card(card);
      case Data(var table, var fold) -> {
        if (fold == Fold.OPEN) {
          data(table);
        }
      }
      case Drawing _ -> {}
      case Dialogue(var example) -> {
        add(example.instruction());
        example
            .answers()
            .forEach(a -> add(INDENT + Wording.variant(a.variant()) + ": " + a.text()));
      }
      case Verbatim(var heading, var text) -> {
        add(heading);
        text.lines().forEach(line -> add(INDENT + line));
      }
      case Link(var text, var address) -> add(text + ": " + address);
      case References(var citations) -> citations.forEach(c -> add(c.text() + " " + c.address()));
    }
  }

  private void add(String line) {
    lines.add(INDENT + line.replace("\n", " "));
  }

  private static String figure(Figure figure) {
    var before = figure.before().stream().map(c -> MarkdownTable.text(c) + " → ").toList();
    return figure.label()
        + ": "
        + String.join("", before)
        + MarkdownTable.text(figure.value())
        + noted(figure.note());
  }

  private void card(Card card) {
    String inner = card.title().isEmpty() ? "" : INDENT;
    if (!card.title().isEmpty()) {
      add(card.title());
    }
    int widest = card.facts().stream().mapToInt(f -> MarkdownTable.width(f.name())).max().orElse(0);
    for (var fact : card.facts()) {
      String pad = " ".repeat(widest - MarkdownTable.width(fact.name()));
      add(
          inner
              + fact.name()
              + pad
              + INDENT
              + MarkdownTable.text(fact.value())
              + noted(fact.note()));
    }
  }

  private static String noted(String note) {
    return note.isEmpty() ? "" : " (" + note + ")";
  }

  private void data(Table table) {
    if (!table.caption().isEmpty()) {
      add(table.caption());
    }
    TextTable.lines(table, VisibleText::line, COLUMNS - INDENT.length()).forEach(this::add);
  }
}
