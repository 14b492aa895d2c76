package io.cotidal.sources;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.sources.roll.Admission;
import io.cotidal.sources.roll.Candidate;
import io.cotidal.sources.roll.ConsulForm;
import io.cotidal.sources.roll.DockerForm;
import io.cotidal.sources.roll.Json;
import io.cotidal.sources.roll.KubernetesForm;
import io.cotidal.sources.roll.Lists;
import io.cotidal.sources.roll.NoAnswer;
import io.cotidal.sources.roll.RancherForm;
import io.cotidal.sources.roll.Reference;
import io.cotidal.sources.roll.Roll;
import io.cotidal.sources.roll.Yaml;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever comes: members that are whole, or one line that says why there are none. */
final class HostileAnswersTest {
  private static final List<Reader> READERS =
      List.of(
          text -> Lists.candidates(Json.read(text)),
          text -> Lists.candidates(Yaml.read(text)),
          text ->
              new RancherForm(Reference.ADDRESS, 0, Set.of(), Set.of())
                  .candidates(Json.list(Json.read(text), "list")),
          text -> ConsulForm.candidates(Json.read(text)),
          text ->
              new DockerForm(Reference.ADDRESS, Optional.empty(), 0).candidates(Json.read(text)),
          text ->
              new KubernetesForm(Reference.ADDRESS, "IPv4", "", "d")
                  .candidates(Json.list(Json.read(text), "list")));

  @FunctionalInterface
  private interface Reader {
    List<Candidate> read(String text) throws NoAnswer;
  }

  private static void holds(String text) {
    for (Reader reader : READERS) {
      try {
        Roll.of(reader.read(text), Admission.NEWCOMERS, Optional.empty())
            .forEach(
                one -> assertThat(one.attributes().get("host", "")).matches("[a-z0-9_.:-]{1,253}"));
      } catch (NoAnswer e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n", "\r", "\u001b");
      }
    }
  }

  @Property(tries = 300)
  void anyText(@ForAll String text) {
    holds(text);
  }

  @Property(tries = 500)
  void damagedDocuments(@ForAll("damaged") String text) {
    holds(text);
  }

  @Provide
  Arbitrary<String> damaged() {
    List<String> documents =
        List.of(
            "[{\"targets\":[\"h:1\"],\"labels\":{\"a\":\"b\"}}]",
            "[{\"name\":\"a\",\"primary_ip\":\"10.0.0.1\",\"labels\":{\"cotidal.port\":\"1\"}}]",
            "[{\"Node\":{\"Node\":\"n\",\"Address\":\"10.0.0.1\"},\"Service\":{\"ID\":\"s\",\"Port\":1,\"Meta\":{}},\"Checks\":[]}]",
            "[{\"Names\":[\"/a\"],\"State\":\"running\",\"NetworkSettings\":{\"Networks\":{\"b\":{\"IPAddress\":\"10.0.0.1\"}}}}]",
            "[{\"addressType\":\"IPv4\",\"ports\":[{\"port\":1}],\"endpoints\":[{\"addresses\":[\"10.0.0.1\"]}]}]",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]",
            "null",
            "{}",
            "- a: &x [*x]");
    Arbitrary<String> pieces =
        Arbitraries.of(
            "null", "[", "}", "\"", "-1", "1e999", "\\u0000", "\u001b[2J", ":", "{}", "ü", "\n");
    return Arbitraries.of(documents)
        .flatMap(text ->
            Arbitraries.integers()
                .between(0, text.length())
                .flatMap(at ->
                    Arbitraries.integers()
                        .between(at, Math.min(text.length(), at + 6))
                        .flatMap(to ->
                            pieces.map(
                                piece -> text.substring(0, at) + piece + text.substring(to)))));
  }
}
