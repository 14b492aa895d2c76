package io.cotidal.copies.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.copies.database.Administration.TableDigest;
import io.cotidal.model.Details;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ComparingTest {
  @Test
  @DisplayName("A comparison says of each table what differs, or that nothing does")
  void differences() {
    SortedMap<String, TableDigest> original = new TreeMap<>();
    SortedMap<String, TableDigest> copy = new TreeMap<>();
    original.put("same", new TableDigest("d", 3, "c"));
    copy.put("same", new TableDigest("d", 3, "c"));
    original.put("content", new TableDigest("d", 3, "c"));
    copy.put("content", new TableDigest("d", 3, "x"));
    original.put("rows", new TableDigest("d", 3, "c"));
    copy.put("rows", new TableDigest("d", 4, "c"));
    original.put("definition", new TableDigest("d", 3, "c"));
    copy.put("definition", new TableDigest("e", 3, "c"));
    original.put("gone", new TableDigest("d", 3, "c"));
    copy.put("more", new TableDigest("d", 3, "c"));
    assertThat(Comparing.differences(original, copy))
        .isEqualTo(
            Details.of("same", "same")
                .with("content", "other content")
                .with("rows", "rows 3 -> 4")
                .with("definition", "defined differently; rows 3 -> 3")
                .with("gone", "missing in the copy")
                .with("more", "only in the copy"));
  }
}
