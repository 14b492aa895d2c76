package io.cotidal.postgres.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.postgres.reach.GateProgram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class BackupFilesTest {
  @Test
  @DisplayName("a copy by rsync leaves out what a copy of files leaves out, and nothing else")
  void sameFiles() {
    List<String> expected =
        new ArrayList<>(
            List.of("/global/pg_control", "pgsql_tmp*", "pg_internal.init*", "*.cotidal-new"));
    BackupFiles.EMPTIED.forEach(name -> expected.add("/" + name + "/*"));
    BackupFiles.LEFT_OUT.forEach(name -> expected.add("/" + name));
    List<String> excluded =
        Pattern.compile("--exclude=([^'\\s]+)")
            .matcher(GateProgram.text())
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(excluded).containsExactlyInAnyOrderElementsOf(expected);
    for (String pattern : excluded) {
      String name = pattern.replaceFirst("^/", "").replaceFirst("/\\*$", "").replace("*", "1");
      assertThat(BackupFiles.leftOut(Path.of(name))).as(pattern).isTrue();
    }
  }
}
