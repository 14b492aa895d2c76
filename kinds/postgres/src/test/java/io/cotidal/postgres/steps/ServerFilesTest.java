package io.cotidal.postgres.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.pgclient.Quote;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ServerFilesTest {
  @Property
  void settingKeepsItsValue(@ForAll String value) {
    if (value
        .chars()
        .noneMatch(c ->
            c == 0
                || c == '\n'
                || c == '\r'
                || Character.isISOControl(c)
                || c == 0x2028
                || c == 0x2029
                || c == 0x85)) {
      String line = "primary_conninfo = " + Quote.setting(value);
      assertThat(ServerFiles.parse(line)).isEqualTo(Map.of("primary_conninfo", value));
    }
  }

  @Test
  void commentsAndBlanksAreNoEntries() {
    assertThat(ServerFiles.parse("# a = 'b'\n\nport = '5'\nwork_mem=4MB\n"))
        .isEqualTo(Map.of("port", "5", "work_mem", "4MB"));
  }
}
