package io.cotidal.objects.stamps;

import io.cotidal.objects.ledger.Overrulings.Told;
import io.cotidal.objects.listing.ListingTrouble;
import io.cotidal.objects.listing.Rows;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.state.Overruled;
import io.cotidal.objects.swift.Capabilities;
import io.cotidal.objects.swift.Download;
import io.cotidal.objects.swift.Listing;
import io.cotidal.objects.swift.Reading;
import io.cotidal.objects.swift.Swift;
import io.cotidal.objects.swift.SwiftObjects.Own;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Header;
import io.cotidal.remote.http.kept.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What gateways overruled, left at their own sites: whoever asks the daemon hears of it. A gateway
 * has it on its own disk before; this is for people to find. Thread-safe.
 */
public final class Losses {
  private static final String NAME = "cotidal-conflicts";
  private static final Duration KEPT = Duration.ofDays(90);
  private static final int MOST = 1 << 16;
  private static final int DIGEST = 8;

  private final ContainerName container;

  /**
   * What is left in an account.
   *
   * @param account of the service, the same at each site; not one that is kept equal
   */
  public Losses(String account) {
    this.container = new ContainerName(account, NAME);
  }

  /**
   * Leaves what was overruled of a container.
   *
   * @throws SwiftTrouble if not all of it may be there
   */
  public void leave(Swift site, ContainerName name, List<Overruled> all, Moment moment)
      throws SwiftTrouble {
    for (Overruled one : all) {
      Told told = new Told(moment.at, name, one.loser().name(), one.sentence());
      String text = text(told);
      Headers headers =
          Headers.of(
              new Header("Content-Type", "application/json"),
              new Header("X-Delete-After", Long.toString(KEPT.toSeconds())));
      Own own = new Own(headers, text.getBytes(StandardCharsets.UTF_8));
      put(site, moment.at + "-" + digest(text), own, moment.deadline);
    }
  }

  /**
   * When it was overruled, and how long it may take to leave that.
   *
   * @param at wall time
   */
  public record Moment(Instant at, Deadline deadline) {}

  private void put(Swift site, String object, Own own, Deadline deadline) throws SwiftTrouble {
    try {
      site.objects().keep(container, object, own, deadline);
    } catch (SwiftTrouble e) {
      if (e.why() != SwiftTrouble.Why.MISSING) {
        throw e;
      }
      boolean _ = site.containers().put(container, Headers.NONE, deadline);
      site.objects().keep(container, object, own, deadline);
    }
  }

  /**
   * The latest so many that were left at a site, the latest first.
   *
   * @throws ListingTrouble if they cannot be read
   * @throws SwiftTrouble the same
   * @throws IOException the same
   */
  public List<Told> latest(Swift site, int limit, Deadline deadline)
      throws ListingTrouble, SwiftTrouble, IOException {
    if (site.containers().head(container, deadline).isEmpty()) {
      return List.of();
    }
    Deque<String> names = new ArrayDeque<>();
    try (Rows rows = site.containers().rows(Listing.of(container, Capabilities.UNTOLD))) {
      for (Optional<ObjectRow> row = rows.next(); row.isPresent(); row = rows.next()) {
        names.addFirst(row.get().name());
        if (names.size() > limit) {
          names.removeLast();
        }
      }
    }
    List<Told> all = new ArrayList<>();
    for (String name : names) {
      read(site, name, deadline).ifPresent(all::add);
    }
    return all;
  }

  /** Empty if it is gone meanwhile, or none of ours. */
  private Optional<Told> read(Swift site, String name, Deadline deadline)
      throws SwiftTrouble, IOException {
    try (Download download = site.objects().get(Reading.shown(container, name), deadline)) {
      return told(new String(download.body().readNBytes(MOST), StandardCharsets.UTF_8));
    } catch (SwiftTrouble e) {
      if (e.why() == SwiftTrouble.Why.MISSING) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static String text(Told told) {
    ObjectNode line = JsonMapper.shared().createObjectNode();
    line.put("at", told.at().toString());
    line.put("account", told.container().account());
    line.put("container", told.container().container());
    line.put("loser", told.loser());
    line.put("sentence", told.sentence());
    return JsonMapper.shared().writeValueAsString(line);
  }

  private static Optional<Told> told(String text) {
    try {
      JsonNode line = JsonMapper.shared().readTree(text);
      return Optional.of(
          new Told(
              Instant.parse(line.path("at").asString("")),
              new ContainerName(
                  line.path("account").asString(""), line.path("container").asString("")),
              line.path("loser").asString(""),
              line.path("sentence").asString("")));
    } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, DIGEST);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
