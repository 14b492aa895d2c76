package io.cotidal.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows under headings. Columns are two spaces apart and as wide as their widest cell. If a line
 * would be wider than the terminal, the last column is shortened; if that is not enough, droppable
 * columns go, from the right.
 */
public final class Table {
  private static final int GAP = 2;
  private static final int LEAST = 24;

  /** How a column behaves. */
  public enum Column {
    /** Always there. */
    FIXED,
    /** Left out if the terminal is too narrow. */
    DROPPABLE,
    /** Always there, numbers to the right. */
    NUMBER
  }

  /** One text with its meaning. */
  public record Cell(String text, Tone tone) {
    /** A cell with control characters taken out. */
    public Cell {
      text = Text.plain(text);
    }

    /** A cell without special meaning. */
    public static Cell of(String text) {
      return new Cell(text, Tone.PLAIN);
    }
  }

  private final List<String> headings = new ArrayList<>();
  private final List<Column> columns = new ArrayList<>();
  private final List<List<Cell>> rows = new ArrayList<>();

  /** Adds a column. */
  public Table column(String heading, Column column) {
    headings.add(Text.plain(heading));
    columns.add(column);
    return this;
  }

  /** Adds a column that is always there. */
  public Table column(String heading) {
    return column(heading, Column.FIXED);
  }

  /** Adds a row; missing cells are empty. */
  public Table row(List<Cell> cells) {
    if (cells.size() > columns.size()) {
      throw new IllegalArgumentException(cells.size() + " cells, " + columns.size() + " columns");
    }
    rows.add(List.copyOf(cells));
    return this;
  }

  /** Adds a row of plain texts. */
  public Table row(String... texts) {
    List<Cell> cells = new ArrayList<>();
    for (String text : texts) {
      cells.add(Cell.of(text));
    }
    return row(cells);
  }

  /** Whether there is no row. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /**
   * The lines, heading first, without trailing spaces.
   *
   * @param width of the terminal in columns; 0 if lines may be of any length
   * @param ellipsis what a shortened cell ends in
   */
  public List<String> lines(int width, String ellipsis, Style style) {
    List<Integer> shown = new ArrayList<>();
    int[] widths = new int[columns.size()];
    for (int c = 0; c < columns.size(); c++) {
      shown.add(c);
      widths[c] = natural(c);
    }
    if (width > 0) {
      drop(shown, widths, width);
      shorten(shown, widths, width);
    }
    List<String> lines = new ArrayList<>();
    List<Cell> heading = new ArrayList<>();
    for (String text : headings) {
      heading.add(new Cell(text, Tone.DIM));
    }
    lines.add(line(heading, shown, widths, ellipsis, style));
    for (List<Cell> row : rows) {
      lines.add(line(row, shown, widths, ellipsis, style));
    }
    return lines;
  }

  private int natural(int column) {
    int widest = Text.width(headings.get(column));
    for (List<Cell> row : rows) {
      if (column < row.size()) {
        widest = Math.max(widest, Text.width(row.get(column).text()));
      }
    }
    return widest;
  }

  /**
   * Leaves out droppable columns from the right until the rest fits with a last column of a
   * readable width.
   */
  private void drop(List<Integer> shown, int[] widths, int width) {
    for (int c = columns.size() - 1; c >= 0; c--) {
      int last = shown.getLast();
      int tight = total(shown, widths) - Math.max(0, widths[last] - LEAST);
      if (tight <= width) {
        return;
      }
      if (columns.get(c) == Column.DROPPABLE && shown.size() > 1) {
        shown.remove(Integer.valueOf(c));
      }
    }
  }

  /** Shortens columns from the right until the line fits, however narrow they become. */
  private static void shorten(List<Integer> shown, int[] widths, int width) {
    for (int i = shown.size() - 1; i >= 0; i--) {
      int over = total(shown, widths) - width;
      if (over <= 0) {
        return;
      }
      int column = shown.get(i);
      widths[column] = Math.max(1, widths[column] - over);
    }
    while (total(shown, widths) > width && shown.size() > 1) {
      shown.removeLast();
    }
  }

  private static int total(List<Integer> shown, int[] widths) {
    int sum = GAP * (shown.size() - 1);
    for (int column : shown) {
      sum += widths[column];
    }
    return sum;
  }

  private String line(
      List<Cell> cells, List<Integer> shown, int[] widths, String ellipsis, Style style) {
    StringBuilder line = new StringBuilder();
    int owed = 0;
    for (int column : shown) {
      Cell cell = column < cells.size() ? cells.get(column) : Cell.of("");
      String text = Text.fit(cell.text(), widths[column], ellipsis);
      int pad = widths[column] - Text.width(text);
      if (columns.get(column) == Column.NUMBER) {
        owed += pad;
        pad = 0;
      }
      if (!text.isBlank()) {
        line.repeat(' ', owed).append(style.paint(cell.tone(), text.stripTrailing()));
        owed = text.length() - text.stripTrailing().length();
      } else {
        owed += Text.width(text);
      }
      owed += pad + GAP;
    }
    return line.toString();
  }
}
