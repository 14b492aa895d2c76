package io.cotidal.app.feeds;

import io.cotidal.feeds.delta.DeltaException;
import io.cotidal.feeds.delta.DumpPacking;
import io.cotidal.feeds.job.JobDocument;
import io.cotidal.feeds.job.Offer;
import io.cotidal.model.Secret;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Packs one table at the master, and puts what came of it into its job.
 *
 * @param environment the process's: a login is taken from it as PostgreSQL's own programs do
 */
public record Pack(PackOrder order, Map<String, String> environment) {
  private static final int HIGHEST_PORT = 65_535;

  /** Copies the map. */
  public Pack {
    environment = Map.copyOf(environment);
  }

  /** It came to nothing; one line. */
  public static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    Failed(String line) {
      super(line, null, false, false);
    }
  }

  /**
   * What came of it.
   *
   * @param sentence for people
   * @param deltas for the job, as JSON; empty if the job has them already
   */
  public record Done(String sentence, Optional<String> deltas) {}

  /**
   * Does it.
   *
   * @throws IllegalArgumentException if what was written makes no sense
   */
  public Done run() throws Failed {
    Login login = login();
    Optional<Path> file = order.find(PackOrder.JOB).map(_ -> order.path(PackOrder.JOB));
    Optional<JobDocument> job = file.isPresent() ? Optional.of(read(file.get())) : Optional.empty();
    DumpPacking.Result packed = pack(login, address(job));
    List<Offer> all = packed.offers();
    List<Offer> newest = all.subList(Math.max(0, all.size() - order.last()), all.size());
    if (job.isEmpty()) {
      String list = newest.stream().map(Offer::json).collect(Collectors.joining(",\n ", "[", "]"));
      return new Done(packed.sentence(), Optional.of("{\"deltas\": " + list + "}"));
    }
    if (!job.get().dump().md5().equals(packed.dump())) {
      throw new Failed(
          "%s names the dump %s, and %s is %s; write its job first, then name both again"
              .formatted(
                  file.orElseThrow(),
                  job.get().dump().md5(),
                  order.path(PackOrder.DUMP),
                  packed.dump()));
    }
    write(file.orElseThrow(), job.get().offering(newest));
    return new Done(
        packed.sentence() + "; " + file.get() + " offers " + newest.size() + " deltas",
        Optional.empty());
  }

  private DumpPacking.Result pack(Login login, String address) throws Failed {
    Deadline deadline = Deadline.in(order.limit());
    DumpPacking.Places places =
        new DumpPacking.Places(order.path(PackOrder.STATE), order.path(PackOrder.INTO), address);
    try (PgSession session = PgSession.open(login, deadline.left())) {
      return new DumpPacking(session, places, deadline)
          .pack(
              new DumpPacking.Order(
                  order.schema(),
                  order.table(),
                  order.path(PackOrder.DUMP),
                  order.find(PackOrder.SNAPSHOT).orElse("")));
    } catch (PgException e) {
      throw new Failed(
          "the database "
              + login.database()
              + " at "
              + login.host()
              + ":"
              + login.port()
              + ": "
              + e.trouble().reason());
    } catch (DeltaException e) {
      throw new Failed(e.line());
    }
  }

  private static JobDocument read(Path file) throws Failed {
    try {
      return JobDocument.read(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new Failed(file + " cannot be read: " + e + "; see --job");
    } catch (IllegalArgumentException e) {
      throw new Failed(String.valueOf(e.getMessage()));
    }
  }

  /** The file keeps its rights, and is old or new at any moment. */
  private static void write(Path file, String text) throws Failed {
    try {
      String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
      Durable.write(file, text, null, mode);
    } catch (IOException e) {
      throw new Failed(file + " cannot be written: " + e + "; see the disk");
    }
  }

  /** The folder of deltas, as replicas ask for it. */
  private String address(Optional<JobDocument> job) {
    String address =
        job.map(each -> each.dump().host() + ":" + order.path(PackOrder.INTO))
            .orElseGet(() -> order.find(PackOrder.AT).orElseThrow())
            .replaceFirst("/+$", "");
    if (!address.matches("[A-Za-z0-9_.@-]+:/[A-Za-z0-9_+=@,~%.:/-]+")) {
      throw new IllegalArgumentException(
          "'" + address + "' is nothing that a job may name; write USER@HOST:/FOLDER");
    }
    return address;
  }

  private Login login() throws Failed {
    String user = value(PackOrder.USER, "PGUSER", "postgres");
    String port = value(PackOrder.PORT, "PGPORT", "5432");
    int number = port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : 0;
    if (number < 1 || number > HIGHEST_PORT) {
      throw new IllegalArgumentException("'" + port + "' is no port");
    }
    return new Login(
        value(PackOrder.HOST, "PGHOST", "localhost"),
        number,
        value(PackOrder.DATABASE, "PGDATABASE", user),
        user,
        password(),
        "cot feed pack");
  }

  private String value(String flag, String variable, String otherwise) {
    return order
        .find(flag)
        .orElseGet(() -> environment.getOrDefault(variable, ""))
        .transform(text -> text.isEmpty() ? otherwise : text);
  }

  private Secret password() throws Failed {
    if (order.find(PackOrder.PASSWORD).isEmpty()) {
      return new Secret(environment.getOrDefault("PGPASSWORD", ""));
    }
    Path file = order.path(PackOrder.PASSWORD);
    try {
      return new Secret(Files.readString(file).stripTrailing());
    } catch (IOException e) {
      throw new Failed(file + " cannot be read: " + e + "; see --password-file");
    }
  }
}
