package io.cotidal.feeds.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.remote.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Files of a commit that may be jobs")
@Timeout(20)
class JobFilesTest {
  private static final Deadline SOON = Deadline.in(Duration.ofMinutes(5));

  private final Paper paper = new Paper();

  @Test
  @DisplayName("are read once, as long as they do not change")
  void once() throws Exception {
    paper.commit("1", Map.of("a.json", "A", "b.json", "B", "c.txt", "C"));
    paper.commit("2", Map.of("a.json", "A", "b.json", "BB", "d.json", "D"));
    JobFiles files = new JobFiles(paper, Limits.USUAL);
    assertThat(read(files, "1")).containsExactly("a.json=A", "b.json=B");
    assertThat(paper.asked).containsExactly("entries 1", "read 1 [a.json, b.json]");
    paper.asked.clear();
    assertThat(read(files, "1")).containsExactly("a.json=A", "b.json=B");
    assertThat(paper.asked).isEmpty();
    assertThat(read(files, "2")).containsExactly("a.json=A", "b.json=BB", "d.json=D");
    assertThat(paper.asked).containsExactly("entries 2", "read 2 [b.json, d.json]");
  }

  @Test
  @DisplayName("that are too big, too many or too much are told by name, and the others are read")
  void limits() throws Exception {
    paper.commit("1", Map.of("a", "1", "b", "12345678901", "c", "1234567", "d", "1234", "e", "1"));
    JobFiles files = new JobFiles(paper, new Limits(10, 2, 10));
    Contents contents = files.of("1", path -> true, SOON);
    assertThat(contents.files().keySet()).containsExactly("a", "c");
    assertThat(contents.refused())
        .containsEntry("b", "too big: 11 bytes, and at most 10 bytes are read of a file")
        .containsEntry("d", "there are more than 2 files before it");
    assertThat(new JobFiles(paper, new Limits(10, 9, 10)).of("1", path -> true, SOON).refused())
        .containsEntry("d", "with it, all files have more than 10 bytes together")
        .doesNotContainKey("e");
  }

  @Test
  @DisplayName("are not remembered if they could not be read")
  void broken() throws Exception {
    paper.commit("1", Map.of("a", "1"));
    paper.lost = true;
    JobFiles files = new JobFiles(paper, Limits.USUAL);
    assertThatThrownBy(() -> files.of("1", path -> true, SOON))
        .hasMessage("commit 1: 'a' is listed and cannot be read");
    paper.lost = false;
    assertThat(files.of("1", path -> true, SOON).files()).containsOnlyKeys("a");
  }

  @Test
  @DisplayName("have names that are files; others are refused by name, and nothing is guessed")
  void names() throws Exception {
    String id = "a".repeat(40);
    Listing read =
        GitReading.listing(
            bytes(
                """
                100644 blob %1$s      12\tk/-x.json\0\
                100755 blob %1$s       1\tk/a b"ü.json\0\
                120000 blob %1$s       9\tk/link.json\0\
                160000 commit %1$s       -\tcode\0\
                100644 blob %1$s       1\tk/../../etc/x.json\0\
                100644 blob %1$s       1\tk/line\nbreak.json\0\
                100644 blob %1$s       1\tk/.GIT/hooks\0\
                """
                    .formatted(id)));
    assertThat(read.entries())
        .containsExactly(
            new Entry("k/-x.json", id, OptionalLong.of(12)),
            new Entry("k/a b\"ü.json", id, OptionalLong.of(1)));
    assertThat(read.refused().keySet())
        .containsExactly(
            "code", "k/../../etc/x.json", "k/.GIT/hooks", "k/line?break.json", "k/link.json");
    assertThatThrownBy(() -> GitReading.listing(bytes("100644"))).isInstanceOf(IOException.class);
    Listing manifest =
        HgManifest.read(
            "%1$s 644   k/a.json\n%1$s 755 * k/-b\n%1$s 644 @ k/l\n".formatted(id).getBytes(UTF_8));
    assertThat(manifest.entries()).extracting(Entry::path).containsExactly("k/a.json", "k/-b");
    assertThat(manifest.refused()).containsOnlyKeys("k/l");
    assertThatThrownBy(() -> HgManifest.read("warning: x\n".getBytes(UTF_8)))
        .isInstanceOf(IOException.class);
  }

  private static ByteArrayInputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static List<String> read(JobFiles files, String commit) throws Exception {
    return files.of(commit, path -> path.endsWith(".json"), SOON).files().entrySet().stream()
        .map(file -> file.getKey() + "=" + new String(file.getValue(), UTF_8))
        .toList();
  }

  /** A repository on paper that notes what it is asked. */
  private static final class Paper implements Repository {
    private final Map<String, Map<String, String>> commits = new TreeMap<>();
    private final List<String> asked = new ArrayList<>();
    private boolean lost;

    void commit(String id, Map<String, String> files) {
      commits.put(id, new TreeMap<>(files));
    }

    private Map<String, String> at(String commit) {
      return commits.getOrDefault(commit, Map.of());
    }

    @Override
    public Listing entries(String commit, Deadline deadline) {
      asked.add("entries " + commit);
      List<Entry> entries =
          at(commit).entrySet().stream()
              .map(file -> new Entry(file.getKey(), file.getValue(), OptionalLong.empty()))
              .toList();
      return new Listing(entries, new TreeMap<>());
    }

    @Override
    public List<Entry> sized(String commit, List<Entry> entries, Deadline deadline) {
      return entries.stream()
          .map(one -> new Entry(one.path(), one.id(), OptionalLong.of(one.id().length())))
          .toList();
    }

    @Override
    public SortedMap<String, byte[]> read(String commit, List<Entry> entries, Deadline deadline) {
      asked.add("read " + commit + " " + entries.stream().map(Entry::path).toList());
      SortedMap<String, byte[]> contents = new TreeMap<>();
      entries.forEach(one -> contents.put(one.path(), one.id().getBytes(UTF_8)));
      return lost ? new TreeMap<>() : contents;
    }

    @Override
    public Pulled pull(Deadline deadline) {
      throw new UnsupportedOperationException("it is not pulled here");
    }

    @Override
    public Optional<Pulled> known() {
      return Optional.empty();
    }

    @Override
    public void applied(String commit, Deadline deadline) {
      throw new UnsupportedOperationException("it is not marked here");
    }
  }
}
