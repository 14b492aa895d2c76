package io.cotidal.gateway.reading;

import io.cotidal.gateway.door.Doorkeeper;
import io.cotidal.gateway.door.Elsewhere;
import io.cotidal.gateway.door.Head;
import io.cotidal.gateway.door.Ruling;
import io.cotidal.gateway.request.Target;
import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.placement.Rules;
import io.cotidal.objects.placement.Subject;
import io.cotidal.objects.placing.Placing;
import io.cotidal.objects.spec.Fallback;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Placement;
import io.cotidal.objects.spec.Reads;
import io.cotidal.objects.swift.Swift;
import io.cotidal.remote.http.HttpAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Sees to it that clients are given what other sites have, where it is so configured. All else is
 * judged by somebody else. Thread-safe.
 */
public final class Reader implements Doorkeeper {
  /** So many lists are put together at a time: each is some megabytes, for each site. */
  private static final int LISTS = 4;

  /** So many large objects are taken apart at a time. */
  private static final int FOLLOWED = 16;

  private final Doorkeeper door;
  private final MemberId here;
  private final Supplier<Placing> placing;
  private final Rights rights;
  private final ObjectSearch.Means searching;
  private final Gathering.Means gathering;

  /**
   * What is given.
   *
   * @param accounts that are the same at all sites; nothing is given of others
   * @param placement whose rules may say it
   * @param usual where they say nothing
   */
  public record Rights(Set<String> accounts, Placement placement, Reads usual) {
    /** Nothing. */
    public static final Rights NONE = new Rights(Set.of(), Placement.EVERYWHERE, Reads.OWN);

    /** Copies the set. */
    public Rights {
      accounts = Set.copyOf(accounts);
    }

    /** As an operator asks for it. */
    public static Rights of(ObjectsSpec spec) {
      Reads reads = spec.reads();
      List<String> hosts = new ArrayList<>();
      reads.hosts().forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
      spec.sites().forEach(site -> hosts.add(HttpAddress.parse(site.url()).host()));
      return new Rights(
          Set.copyOf(spec.accounts()),
          spec.placement(),
          new Reads(reads.elsewhere(), reads.merged(), hosts, reads.patience()));
    }

    /** Whether there is a container whose objects other sites may be asked for. */
    public boolean elsewhere() {
      return usual.elsewhere() != Fallback.NEVER
          || placement.rules().stream()
              .flatMap(rule -> rule.elsewhere().stream())
              .anyMatch(each -> each != Fallback.NEVER);
    }

    /** Of a container's objects. */
    Fallback of(ContainerName name, List<MemberId> sites) {
      return new Rules(placement, sites)
          .rule(Subject.named(name))
          .flatMap(Placement.Rule::elsewhere)
          .orElse(usual.elsewhere());
    }
  }

  /**
   * At a site.
   *
   * @param door judges first
   * @param placing says what lies where now
   * @param clients by which all sites are reached
   */
  public Reader(
      Doorkeeper door,
      MemberId here,
      Supplier<Placing> placing,
      Rights rights,
      Map<MemberId, Swift> clients) {
    this(door, here, placing, rights, new Sites(Service.of(clients), new SwiftStock(clients)));
  }

  /** What sites do for us. */
  record Sites(Service service, Stock stock) {}

  /** At a site, with others as they are given. */
  Reader(Doorkeeper door, MemberId here, Supplier<Placing> placing, Rights rights, Sites sites) {
    this.door = door;
    this.here = here;
    this.placing = placing;
    this.rights = rights;
    Service service = sites.service();
    this.searching =
        new ObjectSearch.Means(
            service,
            new Following(sites.stock(), here, rights.accounts()),
            new Semaphore(FOLLOWED));
    this.gathering = new Gathering.Means(service, new Semaphore(LISTS));
  }

  @Override
  public Ruling judge(Head head) {
    Ruling ruling = door.judge(head);
    return ruling instanceof Ruling.Pass pass
        ? elsewhere(pass.head())
            .<Ruling>map(found -> new Ruling.Read(pass.head(), found))
            .orElse(ruling)
        : ruling;
  }

  private Optional<Elsewhere> elsewhere(Head head) {
    boolean get = head.method().equals("GET");
    boolean read = get || head.method().equals("HEAD");
    if (!read || !Bearer.known(head, rights.usual().hosts())) {
      return Optional.empty();
    }
    return switch (Target.of(head.target())) {
      case Target.Thing thing -> object(head, thing);
      case Target.Account account -> get ? list(head, account.account()) : Optional.empty();
      case Target.Container _, Target.Other _ -> Optional.empty();
    };
  }

  private Optional<Elsewhere> object(Head head, Target.Thing thing) {
    ContainerName name = thing.container();
    if (!rights.accounts().contains(name.account())) {
      return Optional.empty();
    }
    Placing now = placing.get();
    Fallback fallback = rights.of(name, List.copyOf(now.sites().keySet()));
    Bearer bearer = Bearer.of(head);
    // A query may ask for a version, or for a manifest, or sign for S3: with our rights it must
    // not.
    boolean ours = bearer == Bearer.TOKEN && head.target().indexOf('?') < 0;
    if (fallback == Fallback.NEVER || !(ours || bearer == Bearer.NOBODY)) {
      return Optional.empty();
    }
    List<MemberId> others = others(now, name);
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ObjectSearch(
                new ObjectSearch.Asking(head, bearer, fallback, Spot.of(name, thing.object())),
                others,
                searching));
  }

  /** Where it is to be, and then where it may be still: while a container moves, it is there. */
  private List<MemberId> others(Placing now, ContainerName name) {
    Set<MemberId> all =
        new LinkedHashSet<>(now.at(Subject.named(name), Rules.whole(name).map(Subject::named)));
    all.addAll(now.sites().keySet());
    all.remove(here);
    return List.copyOf(all);
  }

  private Optional<Elsewhere> list(Head head, String account) {
    boolean given = rights.usual().merged() && rights.accounts().contains(account);
    if (!given || Bearer.of(head) != Bearer.TOKEN) {
      return Optional.empty();
    }
    Placing now = placing.get();
    List<MemberId> sites = new ArrayList<>(List.of(here));
    now.sites().keySet().stream()
        .filter(site -> now.serves(site) && !site.equals(here))
        .forEach(sites::add);
    return sites.size() < 2
        ? Optional.empty()
        : Asked.of(head.target()).map(asked -> new Gathering(account, asked, sites, gathering));
  }
}
