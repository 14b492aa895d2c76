package io.cotidal.objects.steps;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.placement.Rules;
import io.cotidal.objects.placement.Subject;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.state.Agreed;
import io.cotidal.objects.state.ContainerState;
import io.cotidal.objects.state.Look;
import io.cotidal.objects.swift.AccountHead;
import io.cotidal.objects.swift.ContainerHead;
import io.cotidal.objects.swift.Swift;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Header;
import io.cotidal.remote.http.kept.Headers;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Asks sites how a container stands, and the rules where it is to be. */
final class Heads {
  private static final Duration EACH = Duration.ofSeconds(10);

  /** An account that is not there is shown as one that was made just now. */
  private static final Duration JUST_NOW = Duration.ofSeconds(2);

  private final ObjectsSpec spec;
  private final Map<MemberId, Swift> sites;
  private final Agreements agreements;
  private final Rules rules;

  Heads(ObjectsSpec spec, Map<MemberId, Swift> sites, Agreements agreements) {
    this.spec = spec;
    this.sites = sites;
    this.agreements = agreements;
    this.rules = new Rules(spec.placement(), spec.sites().stream().map(Site::member).toList());
  }

  /**
   * Asks all sites.
   *
   * @param silent those that are not asked, with the reason
   * @param also sites where it is to be, whatever the rules say
   */
  Standing read(
      ContainerName name, Map<MemberId, String> silent, Set<MemberId> also, Deadline deadline)
      throws InterruptedException {
    Map<MemberId, Look> looks = new LinkedHashMap<>();
    Subject subject = Subject.named(name);
    for (MemberId site : rules.sites()) {
      String reason = silent.get(site);
      if (reason != null) {
        looks.put(site, new Look.Unknown(reason));
        continue;
      }
      Seen seen = look(name, site, deadline);
      looks.put(site, seen.look);
      if (seen.subject.isPresent() && subject.policy().isEmpty()) {
        subject = seen.subject.get();
      }
    }
    Set<MemberId> placed = new LinkedHashSet<>(rules.sites(subject, whole(name, silent, deadline)));
    placed.addAll(also);
    List<MemberId> concerned =
        rules.sites().stream()
            .filter(site -> placed.contains(site) || looks.get(site) instanceof Look.Seen)
            .toList();
    Map<MemberId, Look> theirs = new LinkedHashMap<>(looks);
    theirs.keySet().retainAll(concerned);
    return new Standing(name, concerned, placed, theirs);
  }

  /** The container whose objects have their parts in this one, as a rule may ask for it. */
  private Optional<Subject> whole(
      ContainerName parts, Map<MemberId, String> silent, Deadline deadline)
      throws InterruptedException {
    Optional<ContainerName> whole = Rules.whole(parts);
    if (whole.isEmpty() || spec.placement().rules().isEmpty()) {
      return Optional.empty();
    }
    for (MemberId site : rules.sites()) {
      if (!silent.containsKey(site)) {
        Optional<Subject> subject = look(whole.get(), site, deadline).subject;
        if (subject.isPresent()) {
          return subject;
        }
      }
    }
    return Optional.of(Subject.named(whole.get()));
  }

  private record Seen(Look look, Optional<Subject> subject) {}

  private Seen look(ContainerName name, MemberId site, Deadline deadline)
      throws InterruptedException {
    Swift swift = swift(site);
    try {
      Optional<ContainerHead> head = swift.containers().head(name, deadline.atMost(EACH));
      return head.isPresent()
          ? seen(name, head.get())
          : new Seen(absent(name, site, swift, deadline), Optional.empty());
    } catch (SwiftTrouble e) {
      if (e.why() == SwiftTrouble.Why.INTERRUPTED) {
        throw interrupted(e);
      }
      return new Seen(new Look.Unknown(e.getMessage()), Optional.empty());
    }
  }

  static InterruptedException interrupted(SwiftTrouble e) {
    Thread.interrupted();
    return new InterruptedException(e.getMessage());
  }

  private Swift swift(MemberId site) {
    Swift swift = sites.get(site);
    if (swift == null) {
      throw new IllegalArgumentException("there is no site " + site);
    }
    return swift;
  }

  private static Seen seen(ContainerName name, ContainerHead head) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Header line : head.headers().list()) {
      headers.put(line.name(), line.value());
    }
    ContainerState state = ContainerState.of(headers);
    Look look =
        new Look.Seen(
            state, headers.getOrDefault("Last-Modified", ""), head.objects(), head.bytes());
    TreeMap<String, String> asked = new TreeMap<>();
    headers.forEach((header, value) -> asked.put(header.toLowerCase(java.util.Locale.ROOT), value));
    return new Seen(look, Optional.of(new Subject(name, state.policy(), asked)));
  }

  /** A container that was there is only missing if its account is there. */
  private Look absent(ContainerName name, MemberId site, Swift swift, Deadline deadline)
      throws SwiftTrouble {
    boolean had =
        agreements
            .of(name)
            .flatMap(agreed -> agreed.base(site))
            .filter(Agreed.Base.Held.class::isInstance)
            .isPresent();
    if (had) {
      Optional<AccountHead> account = swift.accounts().head(name.account(), deadline.atMost(EACH));
      if (account.filter(each -> real(each.headers())).isEmpty()) {
        return new Look.Unknown(
            "site "
                + site
                + ": the account "
                + name.account()
                + " is not there any more: restore it, or say that it is to be deleted everywhere");
      }
    }
    return new Look.Absent();
  }

  /** Where accounts are made when they are written to, Swift shows one that is not there. */
  private static boolean real(Headers headers) {
    try {
      Timestamp made = Timestamp.parse(headers.first("X-Timestamp").orElse(""));
      ZonedDateTime now =
          ZonedDateTime.parse(
              headers.first("Date").orElse(""), DateTimeFormatter.RFC_1123_DATE_TIME);
      return made.instant().plus(JUST_NOW).isBefore(now.toInstant());
    } catch (IllegalArgumentException | DateTimeParseException e) {
      return false;
    }
  }
}
