package io.cotidal.server;

import static io.cotidal.server.fake.Scenes.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.Answers;
import io.cotidal.model.MemberView;
import io.cotidal.model.Permission;
import io.cotidal.model.Severity;
import io.cotidal.server.fake.Scenes;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What load balancers are told. */
@Timeout(60)
final class CheckRoutesTest {
  private Fixture fixture;
  private Http viewer;

  @BeforeEach
  void start() throws IOException {
    fixture = new Fixture();
    viewer = fixture.as(Permission.VIEWER);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private int status(String path) throws IOException {
    return viewer.get("/postgres/orders/" + path).status();
  }

  private void shows(MemberView... members) {
    ResourceView view = Scenes.healthy(ORDERS);
    fixture.plane.show(Scenes.with(view, view.diagnosis(), List.of(members), view.links()));
  }

  @Test
  @DisplayName("200 for the member that takes writes, 503 for the others, also for HEAD")
  void primary() throws IOException {
    assertThat(status("primary")).isEqualTo(200);
    assertThat(status("primary?member=a")).isEqualTo(200);
    assertThat(status("primary?member=b")).isEqualTo(503);
    assertThat(status("primary?member=nobody")).isEqualTo(503);
    assertThat(viewer.get("/postgres/orders/primary?member=a").body()).isEqualTo("yes\n");
    assertThat(viewer.get("/postgres/nothing/primary").status()).isEqualTo(404);
  }

  @Test
  @DisplayName("200 for a member that follows closely enough; what nobody can measure is too far")
  void replica() throws IOException {
    assertThat(status("replica?member=b")).isEqualTo(200);
    assertThat(status("replica?member=a")).isEqualTo(503);
    assertThat(status("replica?member=c&lag=1840")).isEqualTo(200);
    assertThat(status("replica?member=c&lag=1839")).isEqualTo(503);
    assertThat(status("replica?lag=100")).as("b is near").isEqualTo(200);
    assertThat(status("replica?member=b&lag=x")).isEqualTo(400);
    ResourceView view = Scenes.healthy(ORDERS);
    fixture.plane.show(
        Scenes.with(
            view,
            view.diagnosis(),
            view.members(),
            List.of(Scenes.link("a", "b", "streaming", null, false))));
    assertThat(status("replica?member=b")).isEqualTo(200);
    assertThat(status("replica?member=b&lag=1000000")).isEqualTo(503);
  }

  @Test
  @DisplayName("Two that take writes, one that does not answer, one that should not write: 503")
  void inDoubt() throws IOException {
    MemberView a = Scenes.member("a", "primary", "takes writes", Severity.INFO, true);
    MemberView b = Scenes.member("b", "primary", "takes writes", Severity.WARNING, true);
    shows(a, b);
    assertThat(status("primary?member=a")).isEqualTo(503);
    shows(Scenes.answering(a, Answers.NO));
    assertThat(status("primary?member=a")).isEqualTo(503);
    shows(Scenes.answering(a, Answers.UNKNOWN));
    assertThat(status("primary?member=a")).isEqualTo(503);
    shows(b);
    assertThat(status("primary?member=b")).isEqualTo(503);
    MemberView c = Scenes.member("c", "replica", "streams", Severity.INFO, false);
    shows(a, Scenes.answering(c, Answers.NO));
    assertThat(status("replica?member=c")).isEqualTo(503);
  }

  @Test
  @DisplayName("A token is needed, of a viewer whose scope has the resource")
  void authentication() throws IOException {
    assertThat(fixture.nobody().get("/postgres/orders/primary").status()).isEqualTo(401);
    Http elsewhere = fixture.nobody().bearer(fixture.token(Permission.VIEWER, "postgres/other"));
    assertThat(elsewhere.get("/postgres/orders/primary").status()).isNotEqualTo(200);
    Http here = fixture.nobody().bearer(fixture.token(Permission.VIEWER, "postgres/orders"));
    assertThat(here.get("/postgres/orders/primary?member=a").status()).isEqualTo(200);
  }
}
