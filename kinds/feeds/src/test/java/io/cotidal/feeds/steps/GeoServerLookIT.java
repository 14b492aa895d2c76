package io.cotidal.feeds.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.geoserver.Applied;
import io.cotidal.feeds.geoserver.Gone;
import io.cotidal.feeds.geoserver.Site;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.feeds.transfer.Cache;
import io.cotidal.lab.geoserver.GeoServerStub;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("a look at a GeoServer")
@Timeout(60)
class GeoServerLookIT {
  private static final MemberId SERVER = new MemberId("one");
  private static final Subject RULES = new Subject(Sort.RULES, "geo", "");
  private static final Subject SITES = new Subject(Sort.WORKSPACE, "sites", "");
  private static final Body.Rules BODY =
      new Body.Rules(
          List.of(new Body.Rule("sites.*.r", "ROLE_X"), new Body.Rule("ops.*.r", "ROLE_Y")));

  @TempDir Path folder;

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  private static Thing thing(Subject subject, Body body) {
    return new Thing(
        subject,
        "geo",
        "geo/" + subject.key(),
        new Thing.Wish.Publish(body, "", "f", ""),
        Map.of(),
        new Thing.Origin("1", "1", ""));
  }

  @Test
  @DisplayName("feeds/S19: sees a rule of access that somebody took away, until it is put back")
  void rules() throws Exception {
    try (GeoServerStub stub = GeoServerStub.start(0)) {
      Site site =
          new Site(
              new FeedsSpec.GeoServer(
                  SERVER,
                  stub.url(),
                  GeoServerStub.USER,
                  new Secret(GeoServerStub.PASSWORD),
                  Optional.empty(),
                  "http://%s.example.org",
                  Optional.empty()),
              Optional.empty());
      Formerly formerly = new Formerly(folder.resolve("rules"));
      Wishes wishes = new Wishes(new Cache(folder.resolve("cache"), 1L << 20), formerly);
      Publications publications = new Publications();
      Body.Workspace workspace =
          new Body.Workspace(
              new Body.Schemas("sites", "sites_data", "sites_outdated"),
              Body.Access.EVERYBODY,
              false,
              true);
      publications.are(
          new TreeMap<>(Map.of(RULES, thing(RULES, BODY), SITES, thing(SITES, workspace))),
          Set.of());
      GeoServerLook look = new GeoServerLook(publications, wishes, true);
      Applied _ = site.apply(wishes.told(SERVER, SITES, workspace), soon());
      Applied _ = site.apply(wishes.told(SERVER, RULES, BODY), soon());
      formerly.are(SERVER, RULES, BODY);

      stub.journal().clear();
      FeedsFacts.GeoServer untouched = look.now(SERVER, site, soon());
      assertThat(untouched.present()).contains(RULES.key(), SITES.key());
      assertThat(untouched.prints()).isEmpty();

      Applied _ = site.remove(new Gone.Rules(RULES, Set.of("ops.*.r")), soon());
      stub.journal().clear();
      assertThat(look.now(SERVER, site, soon()).prints()).containsOnlyKeys(RULES.key());
      assertThat(look.now(SERVER, site, soon()).prints()).containsOnlyKeys(RULES.key());
      assertThat(new GeoServerLook(publications, wishes, false).now(SERVER, site, soon()).prints())
          .as("rules that are not ours are nobody's business here")
          .isEmpty();
      assertThat(stub.journal().writes()).as("a look writes nothing").isZero();

      Applied _ = site.apply(wishes.told(SERVER, RULES, BODY), soon());
      assertThat(look.now(SERVER, site, soon()).prints()).isEmpty();
    }
  }
}
