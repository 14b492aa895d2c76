package io.cotidal.objects.looks;

import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.placement.Subject;
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
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks one site how a container stands. */
public final class Looking {
  private static final Duration EACH = Duration.ofSeconds(10);

  /** An account that is not there is shown as one that was made just now. */
  private static final Duration JUST_NOW = Duration.ofSeconds(2);

  private Looking() {}

  /**
   * What came of it.
   *
   * @param subject what rules may ask of it; empty if it is not there
   * @param trouble why nobody can tell, if the site did not do what it was asked
   */
  public record Seen(Look look, Optional<Subject> subject, Optional<SwiftTrouble> trouble) {}

  /**
   * Asks.
   *
   * @param had whether it is known to have been there, so that its absence would be a deletion
   */
  public static Seen look(Swift site, ContainerName name, boolean had, Deadline deadline)
      throws InterruptedException {
    try {
      Optional<ContainerHead> head = site.containers().head(name, deadline.atMost(EACH));
      if (head.isPresent()) {
        return seen(name, head.get());
      }
      return new Seen(
          had ? missing(site, name, deadline) : new Look.Absent(),
          Optional.empty(),
          Optional.empty());
    } catch (SwiftTrouble e) {
      if (e.why() == SwiftTrouble.Why.INTERRUPTED) {
        throw e.interruption();
      }
      return new Seen(new Look.Unknown(e.getMessage()), Optional.empty(), Optional.of(e));
    }
  }

  private static Seen seen(ContainerName name, ContainerHead head) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Header line : head.headers().list()) {
      headers.put(line.name(), line.value());
    }
    ContainerState state = ContainerState.of(headers);
    String written = headers.getOrDefault("Last-Modified", "");
    return new Seen(
        new Look.Seen(state, written, head.objects(), head.bytes()),
        Optional.of(new Subject(name, state.policy(), new TreeMap<>(headers))),
        Optional.empty());
  }

  /** One that was there is only missing if its account is there. */
  private static Look missing(Swift site, ContainerName name, Deadline deadline)
      throws SwiftTrouble {
    Optional<AccountHead> account = site.accounts().head(name.account(), deadline.atMost(EACH));
    return account.filter(each -> real(each.headers())).isPresent()
        ? new Look.Absent()
        : new Look.Unknown(
            "site "
                + site
                + ": the account "
                + name.account()
                + " is not there any more: restore it, or say that it is to be deleted everywhere");
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
