package io.cotidal.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.app.config.MemberEdit.Change;
import io.cotidal.app.config.MemberEdit.Edited;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MemberEditTest {
  private static final String TEXT =
      """
      # the shop
      listen: 127.0.0.1:7400
      postgres:
        orders:
          members:
            # the big one
            - {name: a, port: 5433, data: /srv/a}   # in the cellar
            - name: b
              port: 5434
              ssh:
                port: 2222

            # the last one
            - {name: c, port: 5435,
               data: "/srv/c d"}
          # how we log in
          superuser: {name: postgres}
        stock:
          members: [{name: a}]
      """;

  private static Edited edit(String member, Change change) {
    return MemberEdit.edit(TEXT, "orders", member, change);
  }

  private static Edited.Done done(Edited edited) {
    assertThat(edited).isInstanceOf(Edited.Done.class);
    return (Edited.Done) edited;
  }

  private static String reason(Edited edited) {
    assertThat(edited).isInstanceOf(Edited.Not.class);
    return ((Edited.Not) edited).reason();
  }

  @Test
  @DisplayName("a member comes behind the last one, and every other line stays")
  void add() {
    Edited.Done done = done(edit("d", new Change.Add(Map.of("data", "/srv/d: e"))));
    assertThat(done.lines()).containsExactly("+ 16:       - {name: d, data: \"/srv/d: e\"}");
    assertThat(done.text().replace("      - {name: d, data: \"/srv/d: e\"}\n", "")).isEqualTo(TEXT);
  }

  @Test
  @DisplayName("a member goes with its lines, and comments of others stay")
  void remove() {
    assertThat(done(edit("b", new Change.Remove())).lines())
        .containsExactly(
            "- 8:       - name: b",
            "- 9:         port: 5434",
            "- 10:         ssh:",
            "- 11:           port: 2222");
    assertThat(done(edit("c", new Change.Remove())).text())
        .contains("# the last one", "# how we log in")
        .doesNotContain("5435", "/srv/c d");
  }

  @Test
  @DisplayName("a member's keys change, come and go, below a key too")
  void set() {
    Edited.Done done =
        done(
            edit(
                "b",
                new Change.Set(Map.of("port", "6000", "ssh.port", "", "ssh.user", "postgres"))));
    assertThat(done.text()).contains("      - {name: b, port: 6000, ssh: {user: postgres}}\n");
    assertThat(done(edit("b", new Change.Set(Map.of("ssh.port", "")))).text())
        .contains("- {name: b, port: 5434}");
  }

  @Test
  @DisplayName("what cannot be done safely is not done")
  void refused() {
    assertThat(reason(edit("a", new Change.Add(Map.of())))).contains("already");
    assertThat(reason(edit("x", new Change.Remove()))).contains("has no member x");
    assertThat(reason(edit("a", new Change.Set(Map.of("port", "1"))))).contains("comment");
    assertThat(reason(MemberEdit.edit(TEXT, "stock", "b", new Change.Add(Map.of()))))
        .contains("by hand");
    assertThat(reason(MemberEdit.edit(TEXT, "none", "b", new Change.Remove())))
        .contains("no postgres/none");
    assertThat(reason(MemberEdit.edit("a: &x 1", "orders", "b", new Change.Remove())))
        .contains("anchors");
  }
}
