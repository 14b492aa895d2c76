package io.cotidal.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.cli.terminal.Table.Column;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("Tables and texts")
class TableTest {
  private static final Style COLOURED = new Style(true);

  @Provide
  Arbitrary<String> cells() {
    return Arbitraries.oneOf(
        Arbitraries.strings().alpha().ofMaxLength(20),
        Arbitraries.strings().ofMaxLength(8),
        Arbitraries.of("日本語", "😀😀", "e\u0301", "\u001b[31m", "a\nb", " padded "));
  }

  @Provide
  Arbitrary<Column> kinds() {
    return Arbitraries.of(Column.values());
  }

  private static Table table(List<Column> columns, List<String> texts) {
    Table table = new Table();
    for (int i = 0; i < columns.size(); i++) {
      table.column("H" + i, columns.get(i));
    }
    List<Table.Cell> row = new ArrayList<>();
    for (String text : texts) {
      row.add(new Table.Cell(text, Tone.CRITICAL));
      if (row.size() == columns.size()) {
        table.row(row);
        row = new ArrayList<>();
      }
    }
    return table.row(row);
  }

  @Property(tries = 2000)
  @Label("No line is wider than the terminal, none ends in a space, none holds a control character")
  void fits(
      @ForAll @Size(min = 1, max = 6) List<@From("kinds") Column> columns,
      @ForAll @Size(max = 18) List<@From("cells") String> texts,
      @ForAll @IntRange(min = 1, max = 100) int width) {
    for (String line : table(columns, texts).lines(width, "…", Style.NONE)) {
      assertThat(Text.width(line)).isLessThanOrEqualTo(width);
      assertThat(line.endsWith(" ")).isFalse();
      assertThat(Text.plain(line)).isEqualTo(line);
    }
  }

  @Property(tries = 1000)
  @Label("Colours change nothing but colours")
  void colours(
      @ForAll @Size(min = 1, max = 4) List<@From("kinds") Column> columns,
      @ForAll @Size(max = 12) List<@From("cells") String> texts,
      @ForAll @IntRange(max = 60) int width) {
    Table table = table(columns, texts);
    List<String> bare =
        table.lines(width, "…", COLOURED).stream()
            .map(line -> line.replaceAll("\u001b\\[[0-9;]*m", ""))
            .toList();
    assertThat(bare).isEqualTo(table.lines(width, "…", Style.NONE));
  }

  @Property(tries = 1000)
  @Label("Without a limit nothing is lost")
  void whole(@ForAll @Size(min = 1, max = 12) List<@From("cells") String> texts) {
    Table table = table(List.of(Column.FIXED, Column.DROPPABLE, Column.NUMBER), texts);
    String all = String.join("\n", table.lines(0, "…", Style.NONE));
    for (String text : texts) {
      assertThat(all).contains(Text.plain(text).strip());
    }
  }

  @Property
  @Label("A shortened text keeps to its limit")
  void fit(@ForAll("cells") String text, @ForAll @IntRange(max = 30) int limit) {
    assertThat(Text.width(Text.fit(text, limit, "…"))).isLessThanOrEqualTo(limit);
  }

  @Test
  @DisplayName("Spans, ages and sizes in the words of people")
  void words() {
    assertThat(Text.span(210_000)).isEqualTo("0.21 s");
    assertThat(Text.span(-5)).isEqualTo("0.00 s");
    assertThat(Text.span(184_000_000)).isEqualTo("3 min 4 s");
    assertThat(Text.span(7_500_000_000L)).isEqualTo("2 h 5 min");
    assertThat(Text.age(59_000_000)).isEqualTo("59 s");
    assertThat(Text.age(300_000_000_000L)).isEqualTo("3 d");
    assertThat(Text.bytes(0)).isEqualTo("0 B");
    assertThat(Text.bytes(1_572_864)).isEqualTo("1.5 MiB");
    assertThat(Text.bytes(Long.MAX_VALUE)).isEqualTo("7.9 EiB");
  }

  @Test
  @DisplayName("The nearest word: neighbours that changed places count once; far words are none")
  void nearest() {
    List<String> words = List.of("switchover", "status", "get");
    assertThat(Text.nearest("swithcover", words)).isEqualTo("switchover");
    assertThat(Text.nearest("stat", words)).isEqualTo("status");
    assertThat(Text.nearest("egt", words)).isEqualTo("get");
    assertThat(Text.nearest("demolish", words)).isEmpty();
  }
}
