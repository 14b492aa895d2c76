package io.cotidal.objects.stamps;

import io.cotidal.model.Secret;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.swift.ContainerHead;
import io.cotidal.objects.swift.ObjectHead;
import io.cotidal.objects.swift.Reading;
import io.cotidal.objects.swift.Swift;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.objects.swift.Writing;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Body;
import io.cotidal.remote.http.kept.Header;
import io.cotidal.remote.http.kept.Headers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Stamps of changes, kept at the site where they were made. Thread-safe. */
public final class Shelf {
  private static final String NAME = "cotidal-stamps";
  private static final String SYNC_KEY = "X-Container-Sync-Key";
  private static final int KEY_BYTES = 32;

  /** Longer than anything stays open that somebody looks after. */
  private static final Duration KEPT = Duration.ofDays(14);

  private final ContainerName container;
  private final SecureRandom chance = new SecureRandom();
  private final Map<Swift, Secret> keys = new ConcurrentHashMap<>();

  /**
   * A shelf.
   *
   * @param account of the service, the same at each site; not one that is kept equal
   */
  public Shelf(String account) {
    this.container = new ContainerName(account, NAME);
  }

  /**
   * Leaves a stamp. A later one that is there already stays.
   *
   * @param subject {@code account/container}, or the account
   * @throws SwiftTrouble if it may not be there
   */
  public void put(Swift site, String subject, Timestamp stamp, Deadline deadline)
      throws SwiftTrouble {
    try {
      write(site, subject, stamp, deadline);
    } catch (SwiftTrouble e) {
      if (e.why() != SwiftTrouble.Why.REFUSED) {
        throw e;
      }
      // Somebody deleted the container, or gave it another key.
      keys.remove(site);
      write(site, subject, stamp, deadline);
    }
  }

  private void write(Swift site, String subject, Timestamp stamp, Deadline deadline)
      throws SwiftTrouble {
    Headers headers =
        Headers.of(
            new Header("Content-Type", "application/x-cotidal-stamp"),
            new Header("X-Delete-After", Long.toString(KEPT.toSeconds())));
    Writing writing = Writing.of(container, subject, stamp, key(site, deadline));
    site.objects().put(writing.with(headers), Body.of(new byte[0]), deadline);
  }

  private Secret key(Swift site, Deadline deadline) throws SwiftTrouble {
    Secret known = keys.get(site);
    if (known != null) {
      return known;
    }
    Optional<Secret> there =
        site.containers().head(container, deadline).flatMap(ContainerHead::key);
    Secret key = there.isPresent() ? there.get() : made(site, deadline);
    keys.put(site, key);
    return key;
  }

  private Secret made(Swift site, Deadline deadline) throws SwiftTrouble {
    byte[] bytes = new byte[KEY_BYTES];
    chance.nextBytes(bytes);
    Secret key = new Secret(HexFormat.of().formatHex(bytes));
    boolean _ =
        site.containers().put(container, Headers.of(new Header(SYNC_KEY, key.reveal())), deadline);
    return key;
  }

  /**
   * The stamp of the latest change that a gateway let through at that site; empty if none did in
   * the last days.
   *
   * @param subject as it was put
   * @throws SwiftTrouble if nobody can tell
   */
  public Optional<Timestamp> read(Swift site, String subject, Deadline deadline)
      throws SwiftTrouble {
    return site.objects().head(Reading.raw(container, subject), deadline).map(ObjectHead::written);
  }
}
