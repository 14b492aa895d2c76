package io.cotidal.objects.steps;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.observe.Notice;
import io.cotidal.objects.placing.Announcement;
import io.cotidal.objects.placing.Placing;
import io.cotidal.objects.plan.Acts;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.swift.Download;
import io.cotidal.objects.swift.Reading;
import io.cotidal.objects.swift.Swift;
import io.cotidal.objects.swift.SwiftObjects;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import io.cotidal.remote.http.kept.BodyBroken;
import io.cotidal.remote.http.kept.CallFailed;
import io.cotidal.remote.http.kept.Header;
import io.cotidal.remote.http.kept.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells gateways where containers lie and which sites serve clients: a small object at every site,
 * the same everywhere, with generations that rise. It is there for gateways of any host, and also
 * when no daemon runs. Thread-safe.
 */
final class Announcing {
  /** More than any placing has. */
  private static final int MOST = 1 << 20;

  private final ObjectsSpec spec;
  private final Map<MemberId, Swift> sites;
  private final Roles roles;
  private final InstantSource clock;
  private final Path file;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<MemberId, Heard> heard = new ConcurrentHashMap<>();
  private volatile Optional<Announcement> kept;

  /** What lay at a site when it was asked last. */
  private record Heard(Notice notice, long atMillis) {}

  private Announcing(ObjectsSpec spec, Map<MemberId, Swift> sites, Roles roles, InstantSource clock)
      throws IOException {
    this.spec = spec;
    this.sites = sites;
    this.roles = roles;
    this.clock = clock;
    this.file = Layout.placing(spec);
    this.kept = read(file);
  }

  private static Optional<Announcement> read(Path file) throws IOException {
    return Files.exists(file)
        ? Optional.of(Announcement.read(Files.readString(file)))
        : Optional.empty();
  }

  /**
   * Reads again what was told last: another daemon may have led meanwhile.
   *
   * @throws IOException if it cannot be read
   */
  void refresh() throws IOException {
    if (!lock.tryLock()) {
      // It is being told: who does that knows.
      return;
    }
    try {
      kept = read(file);
    } finally {
      lock.unlock();
    }
  }

  /** Reads what was told last; nobody is asked yet. */
  static Announcing open(
      ObjectsSpec spec, Map<MemberId, Swift> sites, Roles roles, InstantSource clock)
      throws IOException {
    return new Announcing(spec, sites, roles, clock);
  }

  /** What gateways are to be told, as it was written down here last. */
  Notice kept() {
    return kept.map(Announcing::lies).orElseGet(Notice.Nothing::new);
  }

  private static Notice lies(Announcement announced) {
    return new Notice.Lies(announced.generation(), announced.mark());
  }

  /** Whether anybody reads it: sites of people who use no gateway are left alone. */
  private boolean read() {
    return kept.isPresent() || !roles.said().isEmpty() || spec.gateways();
  }

  /** What lies at a site. It is asked once a scan; what cannot be read, each time. */
  Notice look(MemberId site, Deadline deadline) throws InterruptedException {
    if (!read()) {
      return new Notice.Unasked();
    }
    Heard before = heard.get(site);
    boolean fresh =
        before != null
            && !(before.notice instanceof Notice.Unknown)
            && clock.millis() - before.atMillis < spec.pace().scan().toMillis();
    return before != null && fresh ? before.notice : asked(site, deadline);
  }

  private Notice asked(MemberId site, Deadline deadline) throws InterruptedException {
    Notice notice = there(site, deadline);
    heard.put(site, new Heard(notice, clock.millis()));
    return notice;
  }

  private Notice there(MemberId site, Deadline deadline) throws InterruptedException {
    try (Download download =
        swift(site).objects().get(Reading.shown(container(), name()), deadline)) {
      byte[] bytes = download.body().readNBytes(MOST);
      return lies(Announcement.read(new String(bytes, StandardCharsets.UTF_8)));
    } catch (SwiftTrouble e) {
      return switch (e.why()) {
        case INTERRUPTED -> throw e.interruption();
        case MISSING -> new Notice.Nothing();
        case UNREACHABLE, REFUSED, CONFLICT, BUSY, REJECTED, BROKEN, SOURCE ->
            new Notice.Unknown(e.getMessage());
      };
    } catch (BodyBroken e) {
      if (e.why() == CallFailed.Why.INTERRUPTED) {
        Thread.interrupted();
        throw new InterruptedException(ActFailed.line(e));
      }
      return new Notice.Unknown("site " + site + ": " + ActFailed.line(e));
    } catch (IOException e) {
      return new Notice.Unknown("site " + site + ": " + ActFailed.line(e));
    }
  }

  /**
   * Tells the gateway of one site.
   *
   * @return evidence: under which generation
   * @throws ActFailed if it may not be there; doing it again does no harm
   */
  Details announce(MemberId site, Deadline deadline)
      throws ActFailed, IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      // Who wrote there beside us must have been heard before ours gets its generation.
      Notice lies = asked(site, deadline);
      if (lies instanceof Notice.Unknown unknown) {
        throw new ActFailed(unknown.reason());
      }
      Announcement wanted = wanted();
      if (!lies.equals(lies(wanted))) {
        written(site, wanted, deadline);
        if (!asked(site, deadline).equals(lies(wanted))) {
          throw new ActFailed(
              "site %s: %s/%s is not what was written there: does somebody else write it?"
                  .formatted(site, container(), name()));
        }
      }
      return Details.of(Acts.GENERATION, wanted.generation());
    } finally {
      lock.unlock();
    }
  }

  /** What is to be told; if it is new, it is on our disk under a generation that nobody has. */
  private Announcement wanted() throws IOException {
    Announcement fresh = Announcement.of(placing(0));
    long highest =
        heard.values().stream().mapToLong(each -> each.notice.generation()).max().orElse(0);
    boolean taken =
        heard.values().stream()
            .map(Heard::notice)
            .anyMatch(each ->
                each instanceof Notice.Lies lies
                    && lies.generation() == highest
                    && !lies.mark().equals(fresh.mark()));
    Optional<Announcement> before = kept.filter(each -> each.mark().equals(fresh.mark()));
    if (before.isPresent()) {
      long ours = before.get().generation();
      if (ours > highest || (ours == highest && !taken)) {
        return before.get();
      }
    }
    long next = Math.max(highest, kept.map(Announcement::generation).orElse(0L)) + 1;
    Announcement wanted = Announcement.of(placing(next));
    Durable.write(file, wanted.text(), null, "rw-------");
    kept = Optional.of(wanted);
    return wanted;
  }

  private Placing placing(long generation) {
    return Placing.of(spec, generation).serving(roles.said());
  }

  private void written(MemberId site, Announcement wanted, Deadline deadline)
      throws ActFailed, InterruptedException {
    SwiftObjects.Own own =
        new SwiftObjects.Own(
            Headers.of(new Header("Content-Type", "application/json")),
            wanted.text().getBytes(StandardCharsets.UTF_8));
    Swift swift = swift(site);
    try {
      try {
        swift.objects().keep(container(), name(), own, deadline);
      } catch (SwiftTrouble e) {
        if (e.why() != SwiftTrouble.Why.MISSING) {
          throw e;
        }
        boolean _ = swift.containers().put(container(), Headers.NONE, deadline);
        swift.objects().keep(container(), name(), own, deadline);
      }
    } catch (SwiftTrouble e) {
      if (e.why() == SwiftTrouble.Why.INTERRUPTED) {
        throw e.interruption();
      }
      throw ActFailed.because(e);
    }
  }

  private Swift swift(MemberId site) {
    Swift swift = sites.get(site);
    if (swift == null) {
      throw new IllegalArgumentException("there is no site " + site);
    }
    return swift;
  }

  private ContainerName container() {
    return new ContainerName(spec.stamps(), Announcement.CONTAINER);
  }

  private String name() {
    return spec.id().name();
  }
}
