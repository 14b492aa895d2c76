package io.cotidal.gateway.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.gateway.answer.Telling.Reached;
import io.cotidal.gateway.door.Answer;
import io.cotidal.gateway.door.Field;
import io.cotidal.objects.spec.Promise;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
@DisplayName("what a client is told")
final class TellingTest {
  private static Answer site(int status) {
    return new Answer(
        status, List.of(new Field("X-Trans-Id", "tx1"), new Field("Content-Length", "7")));
  }

  private static String sync(Answer answer) {
    return answer.fields().stream()
        .filter(field -> field.is(Telling.SYNC))
        .map(Field::value)
        .reduce("", String::concat);
  }

  @ParameterizedTest(name = "{0}: {1} of {2} sites, late: {3}")
  @CsvSource({
    // Nobody but its own site is waited for.
    "LOCAL, 1, 0, false, 201, pending",
    "LOCAL, 1, 2, false, 201, pending",
    "LOCAL, 2, 2, false, 201, done",
    "LOCAL, 1, 0, true, 201, pending",
    "QUORUM, 1, 0, false, 0, ''",
    "QUORUM, 1, 0, true, 503, pending",
    "QUORUM, 1, 1, false, 201, done",
    "QUORUM, 1, 2, false, 0, ''",
    "QUORUM, 2, 2, false, 201, done",
    "QUORUM, 1, 3, false, 0, ''",
    "QUORUM, 1, 3, true, 503, pending",
    "QUORUM, 2, 3, false, 201, pending",
    "QUORUM, 2, 3, true, 201, pending",
    "QUORUM, 3, 3, false, 201, done",
    "QUORUM, 2, 4, false, 0, ''",
    "QUORUM, 3, 4, false, 201, pending",
    "ALL, 1, 0, false, 0, ''",
    "ALL, 1, 0, true, 503, pending",
    "ALL, 1, 1, false, 201, done",
    "ALL, 1, 2, false, 0, ''",
    "ALL, 2, 3, false, 0, ''",
    "ALL, 2, 3, true, 503, pending",
    "ALL, 3, 3, false, 201, done",
    "ALL, 3, 3, true, 201, done",
    "ALL, 0, 2, true, 503, pending",
  })
  void table(Promise promise, int confirmed, int sites, boolean late, int status, String sync) {
    Optional<Answer> told = Telling.of(promise, site(201), new Reached(confirmed, sites), late);
    assertThat(told.map(Answer::status).orElse(0)).isEqualTo(status);
    assertThat(told.map(TellingTest::sync).orElse("")).isEqualTo(sync);
    told.ifPresent(answer -> assertThat(answer.fields()).containsAll(site(201).fields()));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {301, 400, 401, 403, 404, 408, 409, 412, 413, 422, 429, 498, 500, 502, 503, 507})
  @DisplayName("what its own site did not make is told as it is, at once, whatever was promised")
  void failures(int status) {
    for (Promise promise : Promise.values()) {
      for (boolean late : new boolean[] {false, true}) {
        assertThat(Telling.of(promise, site(status), Reached.UNTOLD, late)).contains(site(status));
      }
    }
  }

  @Test
  @DisplayName("what may have been made all the same is not taken for refused")
  void unknown() {
    assertThat(List.of(200, 201, 202, 204)).allMatch(s -> Telling.local(s) == Telling.Local.MADE);
    assertThat(List.of(301, 400, 401, 403, 404, 409, 412, 429))
        .allMatch(s -> Telling.local(s) == Telling.Local.REFUSED);
    assertThat(List.of(408, 500, 502, 503, 504, 507))
        .allMatch(s -> Telling.local(s) == Telling.Local.UNKNOWN);
  }

  @Test
  @DisplayName("an answer without a body stays one when it becomes a 503")
  void noBody() {
    Answer told =
        Telling.of(Promise.ALL, new Answer(204, List.of()), Reached.UNTOLD, true).orElseThrow();
    assertThat(told.fields())
        .containsExactlyInAnyOrder(
            new Field("X-Cotidal-Sync", "pending"), new Field("Content-Length", "0"));
  }

  @Test
  @DisplayName("a site cannot say in our name how far a change has come")
  void ours() {
    Answer site = new Answer(201, List.of(new Field("x-cotidal-sync", "done")));
    assertThat(sync(Telling.of(Promise.LOCAL, site, Reached.UNTOLD, false).orElseThrow()))
        .isEqualTo("pending");
  }

  @ParameterizedTest
  @EnumSource(Promise.class)
  @DisplayName("a promise is never more than all sites, nor less than one")
  void bounds(Promise promise) {
    for (int sites = 1; sites < 10; sites++) {
      assertThat(promise.needed(sites)).isBetween(1, sites);
    }
    assertThat(Promise.of(promise.word())).contains(promise);
    assertThat(Promise.of("most")).isEmpty();
  }
}
