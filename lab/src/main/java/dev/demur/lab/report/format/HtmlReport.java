package dev.demur.lab.report.format;

import static dev.demur.lab.report.format.Html.element;
import static dev.demur.lab.report.format.Html.text;

import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Card;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Dialogue;
import dev.demur.lab.report.Block.Drawing;
import dev.demur.lab.report.Block.Fact;
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
import dev.demur.lab.report.Cell;
import dev.demur.lab.report.Chart;
import dev.demur.lab.report.Example;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.Wording;
import java.util.ArrayList;
import java.util.List;

/// A report as one HTML file that opens offline: style, script and chart library are inside, and
/// its content security policy forbids every request.
public final class HtmlReport {

  private HtmlReport() {}

  /// The file's text.
  public static String write(Report report) {
    var body = new ArrayList<Html>();
    body.add(header(report));
    body.add(contents(report));
    body.add(
        element("main", report.sections().stream().map(HtmlReport::section).toList())
            .with("id", "main"));
    body.add(
        element(
            "footer",
            element(
                "p",
                "Written by Demur. Drawings by Apache ECharts (Apache License 2.0), contained in"
                    + " this file.")));
    return Page.write(report.kicker() + ": " + report.title(), body, report.charts());
  }

  private static Html header(Report report) {
    return element(
        "header",
        element("p", report.kicker()).with("class", "kicker"),
        element("h1", report.title()),
        element("p", report.subtitle()).with("class", "subtitle"));
  }

  private static Html contents(Report report) {
    var items =
        report.sections().stream()
            .map(s -> element("li", element("a", s.title()).with("href", "#" + s.id())))
            .toList();
    return element("nav", element("ol", items)).with("aria-label", "Sections");
  }

  private static Html section(Section section) {
    var children = new ArrayList<Html>();
    String heading = section.id() + "-heading";
    children.add(element("h2", section.title()).with("id", heading));
    section.blocks().forEach(block -> children.add(block(block)));
    return element("section", children).with("id", section.id()).with("aria-labelledby", heading);
  }

  private static Html block(Block block) {
    return switch (block) {
      case Lead(var words) -> element("p", words).with("class", "lead");
      case Prose(var words) -> element("p", words);
      case Notice(var words) -> element("p", words).with("class", "notice").with("role", "note");
      case Points(var heading, var items) ->
          element(
                  "div",
                  element("h3", heading),
                  element("ul", items.stream().map(item -> element("li", item)).toList()))
              .with("class", "points");
      case SideBySide(var blocks) ->
          element("div", blocks.stream().map(HtmlReport::block).toList()).with("class", "columns");
      case Figures(var figures) ->
          element("dl", figures.stream().map(HtmlReport::figure).toList()).with("class", "figures");
      case Card(var title, var facts) -> card(title, facts);
      case Data(var table, var fold) -> data(table, fold);
      case Drawing(var chart) -> drawing(chart);
      case Dialogue(var example) -> dialogue(example);
      case Verbatim(var heading, var text) ->
          element("div", element("h3", heading), element("pre", element("code", text)));
      case Link(var text, var address) -> element("p", element("a", text).with("href", address));
      case References(var citations) ->
          element(
                  "ul",
                  citations.stream()
                      .map(
                          c ->
                              element(
                                  "li",
                                  text(c.text() + " "),
                                  element("a", c.address()).with("href", c.address())))
                      .toList())
              .with("class", "references");
    };
  }

  private static Html figure(Figure figure) {
    var numbers = new ArrayList<Html>();
    for (var before : figure.before()) {
      numbers.add(HtmlTable.value("span", before).with("class", "before"));
      numbers.add(element("span", " → ").with("class", "arrow").with("aria-label", "to"));
    }
    numbers.add(HtmlTable.value("strong", figure.value()));
    return element(
        "div",
        element("dt", figure.label()),
        element("dd", numbers),
        element("dd", figure.note()).with("class", "note"));
  }

  private static Html card(String title, List<Fact> facts) {
    var lines =
        facts.stream()
            .map(
                fact ->
                    element(
                            "div",
                            element("dt", fact.name()),
                            HtmlTable.value("dd", fact.value()),
                            element("dd", fact.note()).with("class", "note"))
                        .with("class", fact.value() instanceof Cell.Code ? "wide" : "fact"))
            .toList();
    return element("div", element("h3", title), element("dl", lines)).with("class", "card");
  }

  private static Html data(Table table, Fold fold) {
    return switch (fold) {
      case OPEN -> HtmlTable.of(table);
      case FOLDED ->
          element(
              "details",
              element(
                  "summary",
                  table.caption() + " " + Numbers.counted(table.rows().size(), "row") + "."),
              HtmlTable.of(table));
    };
  }

  private static Html drawing(Chart chart) {
    String island = "chart-" + Html.slug(chart.id());
    var drawing =
        element("div")
            .with("class", "chart")
            .with("role", "img")
            .with("aria-label", chart.title() + ". " + chart.description())
            .with("data-chart", island)
            .with("data-height", Integer.toString(chart.height()))
            .with("data-least-width", Integer.toString(chart.leastWidth()));
    return element(
            "figure",
            element("figcaption", element("h3", chart.title()), element("p", chart.description())),
            element("div", drawing)
                .with("class", "scroll")
                .with("role", "region")
                .with("tabindex", "0")
                .with("aria-label", chart.title()))
        .with("id", Html.slug(chart.id()));
  }

  private static Html dialogue(Example example) {
    var children = new ArrayList<Html>();
    children.add(element("h3", example.set() + ", prompt " + example.index()));
    children.add(element("blockquote", element("p", example.instruction())).with("class", "asked"));
    var answers =
        example.answers().stream()
            .map(
                answer ->
                    element(
                        "div",
                        element("h4", Wording.variant(answer.variant())),
                        element("span", answer.verdicts()).with("class", "note"),
                        element("p", answer.text()).with("class", "answer")))
            .toList();
    children.add(element("div", answers).with("class", "completions"));
    return element("article", children);
  }
}
