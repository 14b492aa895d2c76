package io.cotidal.app.directory;

import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.remote.Deadline;
import io.cotidal.server.Doctor.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** What a doctor says of a directory's servers before anything goes wrong. Thread-safe. */
public final class ServerChecks {
  /** Time to have a certificate renewed by people. */
  private static final Duration SOON = Duration.ofDays(14);

  private final Supplier<? extends DirectorySpec> spec;
  private final Servers servers;

  /**
   * Looks at nothing yet.
   *
   * @param spec with the members of the moment
   */
  public ServerChecks(Supplier<? extends DirectorySpec> spec, Servers servers) {
    this.spec = spec;
    this.servers = servers;
  }

  /** Looks at all servers, side by side, within a look's deadline. */
  public List<Check> now(ExecutorService threads) {
    DirectorySpec now = spec.get();
    List<Check> checks = new ArrayList<>();
    checks.add(security(now));
    Map<Server, Future<Details>> asked = new LinkedHashMap<>();
    for (Server server : now.servers()) {
      Deadline deadline = Deadline.in(now.deadline());
      asked.put(server, threads.submit(() -> servers.preflight(server, deadline)));
    }
    asked.forEach((server, answer) -> checks.add(check(now, server, answer)));
    return checks;
  }

  private static Check security(DirectorySpec spec) {
    String name = spec.id().toString();
    boolean plain =
        spec.access().security() == Security.PLAIN
            || spec.replication().security() == Security.PLAIN;
    return plain
        ? Check.ill(
            name,
            "passwords and data cross the network in clear",
            "write security: starttls or ldaps")
        : Check.well(name, "every connection is over TLS");
  }

  private static Check check(DirectorySpec spec, Server server, Future<Details> answer) {
    String name = spec.id() + "/" + server.id();
    try {
      return check(name, answer.get(), spec, Instant.now());
    } catch (ExecutionException e) {
      throw new IllegalStateException("a preflight never throws", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Check.ill(name, "the look was interrupted", "ask again");
    }
  }

  static Check check(String name, Details found, DirectorySpec spec, Instant now) {
    if (!found.has("version")) {
      return Check.ill(
          name, found.get("server", "it cannot be looked at"), "see server, account and network");
    }
    if (found.has("trouble")) {
      return Check.ill(name, found.need("trouble"), "see server, account and network");
    }
    if (found.get("suffix", "").equals("missing")) {
      return Check.ill(
          name, "does not hold " + spec.suffix(), "create the suffix and its database there");
    }
    long ahead = Long.parseLong(found.get("clock-ahead-millis", "0"));
    if (Math.abs(ahead) > spec.guards().skew().toMillis()) {
      return Check.ill(
          name, "its clock is off by " + ahead / 1_000 + " s", "mend its time service");
    }
    if (found.has("certificate-until")) {
      Instant until = Instant.parse(found.need("certificate-until"));
      if (until.isBefore(now.plus(SOON))) {
        return Check.ill(name, "its certificate ends on " + until, "renew it");
      }
    }
    return Check.well(name, found.need("version") + ", TLS: " + found.get("tls", "none"));
  }
}
