package io.cotidal.postgres.rehearsal;

import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.postgres.spec.Access;
import io.cotidal.postgres.spec.Care;
import io.cotidal.postgres.spec.Copying;
import io.cotidal.postgres.spec.DiskLimits;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.LossKeeping;
import io.cotidal.postgres.spec.Policy;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Practice;
import io.cotidal.postgres.spec.Server;
import io.cotidal.postgres.spec.SlotLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cluster of clones, as its own control plane is told of it: names, order, priorities, quorum,
 * guard, limits and cascades are the real ones; places, logins and everything that reaches outside
 * are not. Pure.
 */
final class ClonePlan {
  /** Where clones listen, and from where anything is let in. */
  static final String HOST = "127.0.0.1";

  /** As what the clones' control plane knows them: never under the real one's name. */
  static final ResourceId ID = new ResourceId("postgres", "rehearsal");

  private static final DiskLimits SILENT =
      new DiskLimits(DiskLimits.Share.percent(0), DiskLimits.Share.percent(0));

  private static final LossKeeping NO_LOSSES = new LossKeeping(0, 1);

  private ClonePlan() {}

  /**
   * Where one run's clones are.
   *
   * @param folder in which each has a directory of its member's name
   * @param bin of their programs
   * @param user that runs them; empty for our own
   * @param ports one each
   * @param login that was made for the run, also the name of its database
   */
  record Place(
      Path folder, Path bin, String user, List<Integer> ports, String login, Secret password) {
    /** Copies the list. */
    Place {
      ports = List.copyOf(ports);
    }
  }

  static PostgresSpec of(CloneRehearsals.Order order, Place place, Quarantine quarantine) {
    PostgresSpec real = order.spec();
    List<Server> servers = new ArrayList<>();
    for (Server each : real.servers()) {
      if (order.members().contains(each.id())) {
        Server clone =
            new Server(
                each.id(),
                HOST,
                place.ports().get(servers.size()),
                place.folder().resolve(each.id().name()),
                place.bin(),
                place.user());
        Optional<MemberId> upstream = each.follows().filter(order.members()::contains);
        servers.add(upstream.map(clone::following).orElse(clone));
      }
    }
    return new PostgresSpec(
        ID,
        Mode.MANAGE,
        servers,
        Math.min(real.quorum(), servers.size() - 1),
        byItself(real.failover()),
        new Access(place.login(), place.password(), place.login(), place.password()),
        quarantine.settings(),
        alone(real.practice()));
  }

  private static Failover byItself(Failover real) {
    return new Failover(
        true,
        real.tick(),
        real.deadline(),
        real.confirm(),
        real.silence(),
        real.fence(),
        real.drop(),
        real.guard(),
        real.isolated());
  }

  /** Nobody outside is asked, told or led anywhere. */
  private static Practice alone(Practice real) {
    Policy policy = real.policy();
    Care care = new Care(SlotLimits.DEFAULT, Optional.empty(), Copying.PLAIN, SILENT);
    return new Practice(
            new Policy(
                policy.standings(),
                policy.prefer(),
                policy.restart(),
                Duration.ZERO,
                policy.fencing()),
            List.of())
        .caring(care.settings(false).with(NO_LOSSES));
  }
}
