package io.cotidal.objects.plan;

import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Item;
import io.cotidal.model.ItemChange;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.model.Operation;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.objects.observe.Notice;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.observe.ObjectsFacts.Difference;
import io.cotidal.objects.spec.GatewayPlace;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Placement;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** A namespace of two sites, looked at on paper. */
final class PaperNamespace {
  static final MemberId A = new MemberId("a");
  static final MemberId B = new MemberId("b");
  static final long NOW = 1_800_000_000_000_000L;

  ObjectsSpec spec = spec(List.of(site(A), site(B)));
  final ObjectsKind kind = new ObjectsKind();
  private final SortedMap<String, Difference> differing = new TreeMap<>();
  private final SortedMap<String, ObjectsFacts.Leaving> leaving = new TreeMap<>();
  private final SortedMap<String, Item> items = new TreeMap<>();
  private final SortedMap<Long, Operation> operations = new TreeMap<>();
  private final Map<MemberId, Observation<ObjectsFacts>> sites = new TreeMap<>();
  final SortedMap<MemberId, Site.Role> roles = new TreeMap<>();
  private final Map<MemberId, Notice> notices = new TreeMap<>();
  Notice kept = new Notice.Nothing();
  long now = NOW;

  PaperNamespace() {
    answers(A, 0);
    answers(B, 0);
  }

  private static ObjectsSpec spec(List<Site> sites) {
    return new ObjectsSpec(
        new ResourceId("objects", "media"),
        Mode.MANAGE,
        sites,
        new Realm("cotidal", new Secret("realm"), Optional.empty()),
        List.of("AUTH_test"),
        Placement.EVERYWHERE,
        ObjectsSpec.Pace.USUAL,
        ObjectsSpec.Care.USUAL,
        Path.of("/nowhere"));
  }

  /** A gateway stands before each site, and b has that role. */
  void gateways(Site.Role role) {
    spec =
        spec(
            spec.sites().stream()
                .map(site ->
                    new Site(
                        site.member(),
                        site.url(),
                        site.realmName(),
                        site.identity(),
                        site.member().equals(B) ? role : Site.Role.ACTIVE,
                        site.policies(),
                        site.authority(),
                        Optional.of(
                            new GatewayPlace(
                                new GatewayPlace.At("127.0.0.1", 1),
                                Path.of("/gateway"),
                                new GatewayPlace.At("127.0.0.1", 2),
                                Optional.empty()))))
                .toList());
  }

  private static Site site(MemberId member) {
    return new Site(
        member,
        "https://" + member + ".example/v1",
        member.name(),
        new Site.Identity.TempAuth(
            "https://" + member + ".example/auth/v1.0", "admin:admin", new Secret("key")),
        Site.Role.ACTIVE,
        Map.of(),
        Optional.empty());
  }

  void answers(MemberId site, long skewMillis) {
    sites.put(
        site,
        new Observation.Seen<>(
            new ObjectsFacts.Site(
                "2.30.1",
                List.of("gold"),
                skewMillis,
                500,
                notices.getOrDefault(site, new Notice.Unasked())),
            host()));
  }

  /** What lies there. */
  void lies(MemberId site, Notice notice) {
    notices.put(site, notice);
    answers(site, 0);
  }

  void silent(MemberId site) {
    sites.put(site, new Observation.Silent<>(1, Host.UNKNOWN));
  }

  private static Host host() {
    return new Host(Host.Process.RUNNING, Stamp.NONE, Details.NONE);
  }

  /** One that waits for a gateway; so many objects could be copied meanwhile. */
  void waits(String container, long copies) {
    differing.put(
        "AUTH_test/" + container,
        new Difference(
            "AUTH_test", container, false, copies, copies, 0, false, NOW, "a gateway is at it"));
  }

  void differs(String container, long copies, long deletions, boolean braked) {
    differing.put(
        "AUTH_test/" + container,
        new Difference(
            "AUTH_test",
            container,
            false,
            copies,
            copies * 10,
            deletions,
            braked,
            NOW - copies,
            ""));
  }

  void leaves(String container, long objects, String stays) {
    leaving.put(
        "AUTH_test/" + container,
        new ObjectsFacts.Leaving("AUTH_test", container, B, objects, objects * 10, stays));
  }

  void equal(String container) {
    differing.remove("AUTH_test/" + container);
  }

  void row(ItemChange change) {
    switch (change) {
      case ItemChange.Drop drop -> items.remove(Item.key(drop.sort(), drop.name()));
      case ItemChange.Put put ->
          items.put(
              Item.key(put.sort(), put.name()),
              new Item(put.sort(), put.name(), "", put.state(), put.changes(), now, 0));
    }
  }

  void under(Operation operation) {
    operations.put(operation.number(), operation);
  }

  State<ObjectsFacts> state() {
    State<ObjectsFacts> state = State.<ObjectsFacts>empty(new Moment(1, now), spec.members());
    for (Map.Entry<MemberId, Observation<ObjectsFacts>> each : sites.entrySet()) {
      state = state.next(each.getKey(), each.getValue(), 1);
    }
    ObjectsFacts.Namespace seen =
        new ObjectsFacts.Namespace(
            1, NOW, 10, 100, 1000, differing, 0, new TreeSet<>(), roles, kept, leaving);
    state = state.next(ObjectsSpec.NAMESPACE, new Observation.Seen<>(seen, host()), 1);
    return new State<>(
        state.now(), 1, true, Details.NONE, new TreeMap<>(state.members()), operations, items);
  }

  /** A run in which that step ended so. */
  static Run after(Step step, StepState end, Details evidence, String problem) {
    StepRecord row =
        StepRecord.planned(1, step, 1).ended(end, evidence, problem, new Moment(1, NOW));
    return new Run(
        1, List.of(row), end == StepState.DONE ? Run.Occasion.DECISION : Run.Occasion.FAILURE);
  }
}
