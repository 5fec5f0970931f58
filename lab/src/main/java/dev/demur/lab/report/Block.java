package dev.demur.lab.report;

import java.util.List;
import java.util.stream.Stream;

/// A piece of a section.
public sealed interface Block {

  /// The sentence a hurried reader reads.
  record Lead(String text) implements Block {}

  /// A paragraph.
  record Prose(String text) implements Block {}

  /// A paragraph that must not be overlooked.
  record Notice(String text) implements Block {}

  /// A few statements under a heading.
  record Points(String heading, List<String> items) implements Block {
    public Points {
      items = List.copyOf(items);
    }
  }

  /// Blocks that are read side by side where there is room.
  record SideBySide(List<Block> blocks) implements Block {
    public SideBySide {
      blocks = List.copyOf(blocks);
    }
  }

  /// The numbers a study is remembered by.
  record Figures(List<Figure> figures) implements Block {
    public Figures {
      figures = List.copyOf(figures);
    }
  }

  /// One such number.
  ///
  /// @param label what it is
  /// @param before the same number of the unedited model; empty when there is none
  /// @param value the number
  /// @param note its interval, its unit
  record Figure(String label, List<Cell> before, Cell value, String note) {
    public Figure {
      before = List.copyOf(before);
    }
  }

  /// A table of names and values that belong to one thing.
  record Card(String title, List<Fact> facts) implements Block {
    public Card {
      facts = List.copyOf(facts);
    }
  }

  /// One line of a card.
  record Fact(String name, Cell value, String note) {}

  /// A table.
  record Data(Table table, Fold fold) implements Block {}

  /// Whether a table is seen at once.
  enum Fold {
    OPEN,
    /// Opened by the reader; all of it is in the CSV file and in HTML.
    FOLDED
  }

  /// A drawing.
  record Drawing(Chart chart) implements Block {}

  /// A prompt and what variants of the model wrote.
  record Dialogue(Example example) implements Block {}

  /// Text to be copied as it is.
  record Verbatim(String heading, String text) implements Block {}

  /// The way to another page.
  ///
  /// @param address relative to this page
  record Link(String text, String address) implements Block {

    public static Link toStudy(String address) {
      return new Link("The study that found the direction", address);
    }
  }

  /// Works cited.
  record References(List<Citation> citations) implements Block {
    public References {
      citations = List.copyOf(citations);
    }
  }

  /// The tables inside.
  default Stream<Table> tables() {
    return switch (this) {
      case Data(var table, _) -> Stream.of(table);
      case SideBySide(var blocks) -> blocks.stream().flatMap(Block::tables);
      case Lead _,
          Prose _,
          Notice _,
          Points _,
          Figures _,
          Card _,
          Drawing _,
          Dialogue _,
          Verbatim _,
          Link _,
          References _ ->
          Stream.empty();
    };
  }

  /// The charts inside.
  default Stream<Chart> charts() {
    return switch (this) {
      case Drawing(var chart) -> Stream.of(chart);
      case SideBySide(var blocks) -> blocks.stream().flatMap(Block::charts);
      case Lead _,
          Prose _,
          Notice _,
          Points _,
          Figures _,
          Card _,
          Data _,
          Dialogue _,
          Verbatim _,
          Link _,
          References _ ->
          Stream.empty();
    };
  }
}
