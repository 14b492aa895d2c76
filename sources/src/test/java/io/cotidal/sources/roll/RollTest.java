package io.cotidal.sources.roll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.model.Details;
import io.cotidal.model.Found;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names and addresses, who is counted, and what several answers come to. */
@Timeout(30)
final class RollTest {
  private static Candidate at(String name, String address, boolean fit) throws NoAnswer {
    return new Candidate(
        name, address.isEmpty() ? Address.NONE : Address.parse(address), Details.NONE, fit);
  }

  private static List<Found> roll(Candidate... candidates) throws NoAnswer {
    return Roll.of(List.of(candidates), Admission.NEWCOMERS, Optional.empty());
  }

  private static List<String> names(List<Found> found) {
    return found.stream().map(one -> one.id().name()).toList();
  }

  @Test
  @DisplayName("A name is the source's, else host and port; in lower case, colons as hyphens")
  void naming() throws NoAnswer {
    List<Found> members =
        roll(
            at("LDAP-1", "h1", true),
            at("", "H2.Example.org.", true),
            at("", "h3:3389", true),
            at("", "[2001:DB8::1]:389", true),
            at("", "::1", true));
    assertThat(names(members))
        .containsExactly(
            "ldap-1", "h2.example.org", "h3-3389", "2001-db8-0-0-0-0-0-1-389", "0-0-0-0-0-0-0-1");
    assertThat(members.get(2).attributes().entries()).containsEntry("port", "3389");
    assertThat(members.get(0).attributes().has("port")).isFalse();
  }

  @Test
  @DisplayName("A host longer than a name may be keeps its beginning and is told from others")
  void longHosts() throws NoAnswer {
    String stem = "a".repeat(60) + "." + "b".repeat(40);
    List<Found> members = roll(at("", stem + "1", true), at("", stem + "2", true));
    assertThat(names(members)).doesNotHaveDuplicates().allMatch(name -> name.length() == 63);
    assertThat(names(roll(at("", stem + "1", true)))).containsExactly(names(members).get(0));
  }

  @Test
  @DisplayName("directory/D3: two members of one name, or at one address, make no answer")
  void duplicates() {
    assertThatThrownBy(() -> roll(at("a", "h1", true), at("A", "h2", true)))
        .isInstanceOf(NoAnswer.class)
        .hasMessageContaining("called a");
    assertThatThrownBy(() -> roll(at("a", "h1", true), at("b", "h1", true)))
        .isInstanceOf(NoAnswer.class)
        .hasMessageContaining("one address");
  }

  @Test
  @DisplayName("Addresses that are none are refused, and quoted on one line")
  void addresses() {
    for (String text :
        List.of(
            "",
            "a b",
            "h:0",
            "h:65536",
            "h:",
            "[::1",
            "[::1]x",
            "1.2.3",
            "1.2.3.256",
            "a/b",
            "-a",
            "h:1:2:3:4:5:6:7:8:9",
            "a\nb",
            "h..x",
            "[]:1",
            "fe80::1%eth0")) {
      assertThatThrownBy(() -> Address.parse(text))
          .as(text)
          .isInstanceOf(NoAnswer.class)
          .message()
          .doesNotContain("\n");
    }
  }

  @Test
  @DisplayName("Who falls ill stays a member, who comes ill waits; the first answer takes all")
  void admission() throws NoAnswer {
    List<Found> first = roll(at("a", "h1", false), at("b", "h2", true));
    assertThat(names(first)).containsExactly("a", "b");
    List<Candidate> later =
        List.of(at("a", "h1", false), at("b", "", false), at("c", "h3", false), at("d", "", true));
    List<Found> second = Roll.of(later, Admission.NEWCOMERS, Optional.of(first));
    assertThat(names(second)).containsExactly("a", "b");
    assertThat(second.get(1)).as("without an address it is where it was").isEqualTo(first.get(1));
    assertThat(names(Roll.of(later, Admission.ANYBODY, Optional.of(first))))
        .containsExactly("a", "b", "c");
    assertThat(Roll.of(later, Admission.THE_WELL, Optional.of(first))).isEmpty();
  }

  @Test
  @DisplayName("A union merges by name and address, and refuses two addresses of one name")
  void union() throws NoAnswer {
    List<Found> first = roll(at("a", "h1", true), at("b", "h2", true));
    Candidate labelled =
        new Candidate("other", Address.parse("h2"), Details.of("site", "north"), true);
    List<Found> whole = Gathering.UNION.of(List.of(first, roll(labelled, at("a", "h1:389", true))));
    assertThat(names(whole)).containsExactly("a", "b");
    assertThat(whole.get(0).attributes().get("port", "")).isEqualTo("389");
    assertThat(whole.get(1).attributes().get("site", "")).isEqualTo("north");
    assertThatThrownBy(() -> Gathering.UNION.of(List.of(first, roll(at("a", "h9", true)))))
        .isInstanceOf(NoAnswer.class)
        .hasMessageContaining("two addresses");
  }

  @Test
  @DisplayName("An intersection keeps whom all name, where the first part says")
  void intersection() throws NoAnswer {
    List<Found> first = roll(at("a", "h1", true), at("b", "h2", true), at("c", "h3", true));
    List<Found> second = roll(at("a", "elsewhere", true), at("x", "h2", true));
    List<Found> whole = Gathering.INTERSECTION.of(List.of(first, second));
    assertThat(whole).containsExactly(first.get(0), first.get(1));
  }

  @Test
  @DisplayName("Lists are read as texts, members and groups, in YAML and JSON")
  void lists() throws NoAnswer {
    String yaml =
        """
        members:
          - h1:389
          - {name: two, host: h2, port: 1389, labels: {site: north}}
          - targets: [h3, 'h4:389']
            labels: {__scheme__: ldap, role: hub}
          - targets: [h5]
            labels: {name: five}
        """;
    List<Found> members =
        Roll.of(Lists.candidates(Yaml.read(yaml)), Admission.ANYBODY, Optional.empty());
    assertThat(names(members)).containsExactly("h1-389", "two", "h3", "h4-389", "five");
    assertThat(members.get(2).attributes().entries()).containsOnlyKeys("host", "role");
    assertThat(Lists.candidates(Json.read("null"))).isEmpty();
    for (String text :
        List.of(
            "- {host: h, hots: x}",
            "- {name: x}",
            "- &a h",
            "a: 1",
            "- [h]",
            "- !x h",
            "--- \n- h\n--- \n- i",
            "- {host: h, host: i}",
            "- {host: 'h:1', port: 2}",
            "- {targets: h}",
            "- {host: h, labels: {port: '1'}}")) {
      assertThatThrownBy(() -> Lists.candidates(Yaml.read(text)))
          .as(text)
          .isInstanceOf(NoAnswer.class);
    }
  }

  @Test
  @DisplayName(
      "Containers of Rancher: by address or name, filtered, those without address left out")
  void rancher() throws NoAnswer {
    String text =
        """
        [{"name": "S_1", "primary_ip": "10.42.0.1", "state": "running", "health_state": "healthy"},
         {"name": "s_2", "primary_ip": null, "state": "stopped"},
         {"name": "s_3", "primary_ip": "10.42.0.3", "state": "running", "health_state": null}]
        """;
    List<tools.jackson.databind.JsonNode> containers = Json.list(Json.read(text), "list");
    RancherForm byAddress =
        new RancherForm(Reference.ADDRESS, 0, Set.of("running"), Set.of("healthy"));
    assertThat(byAddress.candidates(containers).stream().map(Candidate::fit))
        .containsExactly(true, false, false);
    assertThat(
            names(Roll.of(byAddress.candidates(containers), Admission.ANYBODY, Optional.empty())))
        .containsExactly("s_1", "s_3");
    RancherForm byName = new RancherForm(Reference.NAME, 0, Set.of(), Set.of("none", "healthy"));
    assertThat(byName.candidates(containers).get(0).address().host()).isEqualTo("s_1");
    assertThat(byName.candidates(containers).get(2).fit()).isTrue();
    assertThatThrownBy(() -> byName.candidates(Json.list(Json.read("[\"s_1\"]"), "list")))
        .isInstanceOf(NoAnswer.class);
  }

  @Test
  @DisplayName("Endpoints of Kubernetes: one family, one port, an endpoint in two slices is one")
  void kubernetes() throws NoAnswer {
    String slice =
        """
        {"addressType": "IPv4", "ports": [{"name": "ldap", "port": 3389}, {"name": "ldaps", "port": 3636}],
         "endpoints": [{"addresses": ["10.1.0.1"], "hostname": "ds-0", "conditions": {"ready": %s}}]}
        """;
    List<tools.jackson.databind.JsonNode> slices =
        List.of(
            Json.read(slice.formatted("false")),
            Json.read(slice.formatted("true")),
            Json.read("{\"addressType\": \"IPv6\", \"endpoints\": null}"));
    KubernetesForm form = new KubernetesForm(Reference.NAME, "IPv4", "ldaps", "ds.identity.svc");
    assertThat(form.candidates(slices))
        .containsExactly(at("ds-0", "ds-0.ds.identity.svc:3636", true));
    assertThatThrownBy(() -> new KubernetesForm(Reference.NAME, "IPv4", "", "x").candidates(slices))
        .isInstanceOf(NoAnswer.class)
        .hasMessageContaining("several ports");
  }
}
