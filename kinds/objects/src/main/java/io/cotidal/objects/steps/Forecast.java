package io.cotidal.objects.steps;

import io.cotidal.model.MemberId;
import io.cotidal.objects.looks.Looking;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.placement.Amount;
import io.cotidal.objects.placement.Move;
import io.cotidal.objects.placement.MoveText;
import io.cotidal.objects.placement.Rules;
import io.cotidal.objects.placement.Speed;
import io.cotidal.objects.placement.Stock;
import io.cotidal.objects.placement.Subject;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.state.Look;
import io.cotidal.objects.swift.Signer;
import io.cotidal.objects.swift.Swift;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Limits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a changed configuration would move. Containers that both sets of rules put at the same sites
 * are counted, the others are asked for at every site. Writes nothing anywhere.
 */
public final class Forecast implements AutoCloseable {
  /** Sites are asked one after the other. */
  private static final int CONNECTIONS = 2;

  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration STALL = Duration.ofSeconds(10);

  private final ObjectsSpec next;
  private final Rules before;
  private final Rules after;
  private final SequencedMap<MemberId, Swift> sites = new LinkedHashMap<>();
  private final Map<MemberId, String> unread = new TreeMap<>();
  private final List<Stock> stocks = new ArrayList<>();
  private final Deadline deadline;

  private Forecast(ObjectsSpec now, ObjectsSpec next, InstantSource clock, Deadline deadline) {
    this.next = next;
    this.before = rules(now);
    this.after = rules(next);
    this.deadline = deadline;
    Signer signer = new Signer(next.realm(), () -> UUID.randomUUID().toString());
    Limits limits = new Limits(CONNECTIONS, IDLE, CONNECT, STALL);
    List<Site> all = new ArrayList<>(next.sites());
    all.addAll(now.sites());
    for (Site site : all) {
      sites.computeIfAbsent(site.member(), _ -> new Swift(site, signer, limits, clock));
    }
  }

  private static Rules rules(ObjectsSpec spec) {
    return new Rules(spec.placement(), spec.sites().stream().map(Site::member).toList());
  }

  /**
   * The lines that say it; empty if no rule and no site changes.
   *
   * @param now what is in force
   * @param next what is thought of
   * @throws InterruptedException if the thread was interrupted
   */
  public static List<String> of(
      ObjectsSpec now, ObjectsSpec next, InstantSource clock, Deadline deadline)
      throws InterruptedException {
    try (Forecast forecast = new Forecast(now, next, clock, deadline)) {
      return forecast.before.equals(forecast.after) ? List.of() : forecast.lines();
    }
  }

  private List<String> lines() throws InterruptedException {
    Optional<String> stopped = Optional.empty();
    for (String account : next.accounts()) {
      if (stopped.isEmpty()) {
        stopped = account(account);
      }
    }
    Speed speed = new Speed(next.pace().bytesPerSecond(), 0);
    List<String> lines = new ArrayList<>(MoveText.of(Move.between(before, after, stocks), speed));
    unread.forEach((site, why) -> lines.add("unknown: what is at " + site + " (" + why + ")"));
    stopped.ifPresent(
        name -> lines.add("unknown: what comes behind " + name + ", for lack of time"));
    return lines;
  }

  /** Looks at the containers of one; says which was the last if there was no time for more. */
  private Optional<String> account(String account) throws InterruptedException {
    Names names = new Names(sites, account, unread, deadline);
    String last = account;
    while (true) {
      Optional<ContainerName> name = names.next();
      if (deadline.over()) {
        return Optional.of(last);
      }
      if (name.isEmpty()) {
        return Optional.empty();
      }
      stocks.add(stock(name.get()));
      last = name.get().toString();
    }
  }

  private Stock stock(ContainerName name) throws InterruptedException {
    Optional<ContainerName> whole = Rules.whole(name);
    if (!before.askMore() && !after.askMore()) {
      Subject subject = Subject.named(name);
      Optional<Subject> made = whole.map(Subject::named);
      if (before.sites(subject, made).equals(after.sites(subject, made))) {
        return new Stock(subject, made, new TreeMap<>());
      }
    }
    TreeMap<MemberId, Amount> at = new TreeMap<>();
    Subject subject = look(name, at);
    Optional<Subject> made = Optional.empty();
    if (whole.isPresent()) {
      made = Optional.of(look(whole.get(), new TreeMap<>()));
    }
    return new Stock(subject, made, at);
  }

  /** Asks every site that answers; the first that has it says what rules may ask of it. */
  private Subject look(ContainerName name, Map<MemberId, Amount> at) throws InterruptedException {
    Optional<Subject> subject = Optional.empty();
    for (Swift site : sites.values()) {
      if (!unread.containsKey(site.member())) {
        Looking.Seen seen = Looking.look(site, name, false, deadline);
        subject = subject.or(seen::subject);
        switch (seen.look()) {
          case Look.Seen here -> at.put(site.member(), new Amount(here.objects(), here.bytes()));
          case Look.Unknown unknown -> unread.putIfAbsent(site.member(), unknown.reason());
          case Look.Absent _ -> {}
        }
      }
    }
    return subject.orElse(Subject.named(name));
  }

  @Override
  public void close() {
    sites.values().forEach(Swift::close);
  }
}
