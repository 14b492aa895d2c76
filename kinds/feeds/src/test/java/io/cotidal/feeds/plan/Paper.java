package io.cotidal.feeds.plan;

import io.cotidal.feeds.filter.Filter;
import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Face;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Replicas and jobs on paper. */
final class Paper {
  static final String CHANNEL = "geo";
  static final MemberId ONE = new MemberId("one");
  static final MemberId TWO = new MemberId("two");
  static final long BUDGET = 1L << 40;
  static final Duration POLL = Duration.ofSeconds(10);
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  /** How a replica behaves. */
  record Manner(Mode mode, int servers, int keep, boolean together, boolean repair) {
    static final Manner PLAIN = new Manner(Mode.MANAGE, 1, 1, true, true);
    static final Manner TWO_TOGETHER = new Manner(Mode.MANAGE, 2, 1, true, true);
    static final Manner TWO_APART = new Manner(Mode.MANAGE, 2, 1, false, true);
    static final Manner TELLING = new Manner(Mode.MANAGE, 1, 1, true, false);
    static final Manner PROPOSING = new Manner(Mode.PROPOSE, 1, 1, true, true);
  }

  private static final Face FACE =
      new Face(
          "title",
          "",
          List.of(),
          "",
          Optional.empty(),
          false,
          new TreeMap<>(),
          "",
          Optional.empty(),
          "WFS");

  private Paper() {}

  static FeedsSpec spec(Manner manner) {
    Path home = Path.of("/srv/replica");
    List<FeedsSpec.GeoServer> servers =
        List.of(ONE, TWO).subList(0, manner.servers()).stream()
            .map(name ->
                new FeedsSpec.GeoServer(
                    name,
                    "http://127.0.0.1/" + name,
                    "admin",
                    new Secret("s"),
                    Optional.empty(),
                    "http://%s",
                    Optional.empty()))
            .toList();
    return new FeedsSpec(
        new ResourceId("feeds", "shore"),
        manner.mode(),
        new FeedsSpec.Repository(
            FeedsSpec.Tool.GIT, home.resolve("state"), "", "", Optional.empty()),
        new FeedsSpec.Choice(
            new TreeSet<>(List.of(CHANNEL)),
            Filter.ALL,
            Filter.ALL,
            Filter.ALL,
            FeedsSpec.Skips.NONE),
        new FeedsSpec.Transfer(
            home.resolve("cache"),
            1L << 30,
            home.resolve("key"),
            home.resolve("hosts"),
            22,
            Duration.ofSeconds(5),
            Optional.empty(),
            false,
            ""),
        Optional.of(
            new FeedsSpec.Database(
                "127.0.0.1",
                5432,
                "gis",
                "publish",
                "cotidal",
                Optional.empty(),
                Optional.empty(),
                manner.keep(),
                BUDGET,
                Duration.ofMillis(500))),
        servers,
        Optional.empty(),
        new FeedsSpec.Pace(
            POLL, Duration.ofSeconds(5), LONGEST_PAUSE, manner.together(), manner.repair()));
  }

  static Subject layer(String name) {
    return new Subject(Sort.LAYER, "sites", name);
  }

  static Thing layer(String name, String data, String face) {
    return layer(name, data, face, "");
  }

  static Thing layer(String name, String data, String face, String emptied) {
    return thing(layer(name), new Thing.Wish.Publish(body("sites"), data, face, emptied));
  }

  /** A layer whose job offers deltas. */
  static Thing offering(String name, String data, String... deltas) {
    return thing(layer(name), new Thing.Wish.Publish(body("sites", deltas), data, "f1", ""));
  }

  static Body.Layer body(String schema, String... deltas) {
    return new Body.Layer(
        new Body.Schemas(schema, schema + "_data", schema + "_outdated"),
        Optional.of(new Blob("master", "/dumps/x.db", "")),
        "geom",
        "POINT",
        true,
        true,
        Body.Access.EVERYBODY,
        Optional.empty(),
        FACE,
        deltas(deltas));
  }

  /** Deltas by what they lead from and to: {@code d1>d2}, which is their checksum too. */
  private static List<Body.Delta> deltas(String... words) {
    return Arrays.stream(words)
        .map(word -> {
          String[] ends = word.split(">");
          return new Body.Delta(new Blob("master", "/dumps/x.delta", word), ends[0], ends[1]);
        })
        .toList();
  }

  static Thing workspace(String face) {
    Body.Schemas schemas = new Body.Schemas("sites", "sites_data", "sites_outdated");
    return publish(
        new Subject(Sort.WORKSPACE, "sites", ""),
        new Body.Workspace(schemas, Body.Access.EVERYBODY, true, true),
        face);
  }

  static Thing rules(String face) {
    return publish(new Subject(Sort.RULES, CHANNEL, ""), new Body.Rules(List.of()), face);
  }

  static Thing roles(String face) {
    return publish(new Subject(Sort.ROLES, "roles", ""), new Body.Roles("CREATE ROLE x"), face);
  }

  static Thing store(String name, String face) {
    return publish(
        new Subject(Sort.WMS_STORE, "sites", name),
        new Body.WmsStore("http://far/wms", "", new Secret(""), 1, 1, 1),
        face);
  }

  static Thing cascaded(String name, String store, String face) {
    return publish(
        new Subject(Sort.WMS_LAYER, "sites", name),
        new Body.WmsLayer(store, name, Body.Access.EVERYBODY, Optional.empty(), FACE),
        face);
  }

  static Thing group(String name, String face, Subject... members) {
    List<Body.Member> all =
        Arrays.stream(members)
            .map(each -> new Body.Member(each.sort(), each.workspace(), each.name()))
            .toList();
    return publish(
        new Subject(Sort.GROUP, "sites", name),
        new Body.Group(all, Body.Access.EVERYBODY, FACE),
        face);
  }

  private static Thing publish(Subject subject, Body body, String face) {
    return thing(subject, new Thing.Wish.Publish(body, "", face, ""));
  }

  /** The job file that says so. Its publish time is nonsense: nobody may look at it. */
  static Thing thing(Subject subject, Thing.Wish wish) {
    String channel = subject.sort() == Sort.ROLES ? "" : CHANNEL;
    return new Thing(
        subject,
        channel,
        channel + "/" + subject.sort().folder() + "/" + subject.title() + ".json",
        wish,
        Map.of(),
        new Thing.Origin("1", "1", "2099-01-01T00:00:00"));
  }
}
