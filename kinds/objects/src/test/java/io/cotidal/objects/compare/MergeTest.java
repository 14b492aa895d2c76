package io.cotidal.objects.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("listings side by side")
final class MergeTest {
  private static ObjectRow row(String name) {
    return ObjectRow.plain(name, new Timestamp(10), "h", 1);
  }

  private static ObjectRow version(String name, String version) {
    return new ObjectRow(name, new Timestamp(10), "h", 1, version, false, false);
  }

  private static Agreed agreed(String name) {
    return Agreed.alive(row(name), SiteSet.of(0), List.of());
  }

  /** Each meeting in short: name, who shows it, who is known, whether it was agreed on. */
  private static List<String> all(Merge merge) throws Exception {
    List<String> all = new ArrayList<>();
    try (merge) {
      for (Meeting one = merge.next(); one != null; one = merge.next()) {
        String agreed = one.agreed() == null ? "" : " agreed";
        all.add(one.key() + " " + one.present() + " of " + one.known() + agreed);
      }
    }
    return all;
  }

  @Test
  @DisplayName("every name of any site, or of the agreement, comes once, in Swift's order")
  void merge() throws Exception {
    assertThat(
            all(
                new Merge(
                    List.of(
                        Listed.of(row("a"), row("c"), row("\uffff")),
                        Listed.of(row("b"), row("c"), row("😀"))),
                    Listed.agreed(agreed("0"), agreed("c"), agreed("z")),
                    "")))
        .containsExactly(
            "0 {} of {0,1} agreed",
            "a {0} of {0,1}",
            "b {1} of {0,1}",
            "c {0,1} of {0,1} agreed",
            "z {} of {0,1} agreed",
            "\uffff {0} of {0,1}",
            "😀 {1} of {0,1}");
    assertThat(all(new Merge(List.of(Listed.of(), Listed.of()), Listed.nothing(), ""))).isEmpty();
  }

  @Test
  @DisplayName("a listing that breaks off is unknown behind its last row, and not before")
  void breaking() throws Exception {
    Merge merge =
        new Merge(
            List.of(
                Listed.of(row("a"), row("b"), row("c"), row("d")),
                Listed.breaking(row("a"), row("c"))),
            Listed.nothing(),
            "");
    assertThat(all(merge))
        .containsExactly("a {0,1} of {0,1}", "b {0} of {0,1}", "c {0,1} of {0,1}", "d {0} of {0}");
    assertThat(merge.known()).isEqualTo(SiteSet.of(0));
    assertThat(merge.failures()).containsExactly("site b: no answer in 30 s; look at its proxy");
  }

  @Test
  @DisplayName("a site that never answers is unknown from the first name on")
  void silent() throws Exception {
    Merge merge =
        new Merge(List.of(Listed.breaking(), Listed.of(row("a"))), Listed.agreed(agreed("0")), "");
    assertThat(all(merge)).containsExactly("0 {} of {1} agreed", "a {1} of {1}");
  }

  @Test
  @DisplayName("a listing out of order, or with a name twice, is not believed any further")
  void outOfOrder() throws Exception {
    for (String second : List.of("a", "b")) {
      Merge merge =
          new Merge(
              List.of(Listed.of(row("b"), row(second)), Listed.of(row("z"))), Listed.nothing(), "");
      assertThat(all(merge)).containsExactly("b {0} of {0,1}", "z {1} of {1}");
      assertThat(merge.failure(0).orElseThrow()).hasMessageContaining("out of order");
    }
  }

  @Test
  @DisplayName("an agreement out of order stops everything: nothing may look as if never agreed on")
  void brokenAgreement() {
    Merge merge =
        new Merge(List.of(Listed.of(row("a"))), Listed.agreed(agreed("b"), agreed("a")), "");
    assertThatThrownBy(() -> all(merge)).isInstanceOf(Unreadable.class);
  }

  @Test
  @DisplayName("behind a cursor nothing before it is met, whether listings leave it out or not")
  void cursor() throws Exception {
    Merge merge =
        new Merge(
            List.of(Listed.of(row("a"), row("b"), row("c")), Listed.of(row("c"))),
            Listed.agreed(agreed("a"), agreed("b"), agreed("d")),
            "b");
    assertThat(all(merge)).containsExactly("c {0,1} of {0,1}", "d {} of {0,1} agreed");
  }

  @Test
  @DisplayName("versions are weighed each by itself, the oldest first")
  void versions() throws Exception {
    RowSource a =
        new VersionOrder(
            Listed.of(
                version("x", "0000000003.00000"),
                version("x", "0000000001.00000"),
                version("y", "0000000002.00000")));
    RowSource b = new VersionOrder(Listed.of(version("x", "0000000003.00000")));
    assertThat(all(new Merge(List.of(a, b), Listed.nothing(), "")))
        .containsExactly(
            "x@0000000001.00000 {0} of {0,1}",
            "x@0000000003.00000 {0,1} of {0,1}", "y@0000000002.00000 {0} of {0,1}");
  }

  @Test
  @DisplayName("of a name of which not all versions came, none is known")
  void brokenVersions() throws Exception {
    RowSource a =
        new VersionOrder(
            Listed.breaking(
                version("x", "0000000003.00000"),
                version("y", "0000000002.00000"),
                version("y", "0000000001.00000")));
    RowSource b = new VersionOrder(Listed.of(version("y", "0000000001.00000")));
    assertThat(all(new Merge(List.of(a, b), Listed.nothing(), "")))
        .containsExactly("x@0000000003.00000 {0} of {0,1}", "y@0000000001.00000 {1} of {1}");
  }
}
