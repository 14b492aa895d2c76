package io.cotidal.copies.database.tiny;

import io.cotidal.copies.database.Administration;
import io.cotidal.copies.database.Choice;
import io.cotidal.copies.database.DatabaseEngine;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.Installation;
import io.cotidal.copies.database.Load;
import io.cotidal.copies.database.Place;
import io.cotidal.copies.database.User;
import io.cotidal.copies.database.UserSession;
import io.cotidal.copies.imports.Dumps;
import io.cotidal.copies.imports.Limits;
import io.cotidal.copies.imports.OpenDump;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.Program;
import io.cotidal.remote.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The engine {@code tiny}. */
public final class TinyEngine implements DatabaseEngine {
  private static final long LOOK_MILLIS = 50;

  private final LocalProcesses processes = new LocalProcesses();

  /** For {@link java.util.ServiceLoader}. */
  public TinyEngine() {}

  LocalProcesses processes() {
    return processes;
  }

  @Override
  public String name() {
    return "tiny";
  }

  @Override
  public Installation locate(Choice choice) throws EngineException {
    Path classes = choice.server().orElseGet(TinyEngine::classes);
    if (!Files.isDirectory(classes)) {
      throw new EngineException("no tiny server in " + classes);
    }
    return new Installation(name(), "1.0", classes, Optional.empty());
  }

  private static Path classes() {
    try {
      return Path.of(TinyServer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void initialise(Installation installation, Place place, Deadline deadline)
      throws EngineException, InterruptedException {
    try {
      TinyTables tables = new TinyTables(place.data());
      tables.save();
      Optional<OsUser> owner = processes.user(user(place));
      if (owner.isPresent()) {
        owner.get().own(place.data());
        owner.get().own(place.data().resolve("tables"));
      }
    } catch (IOException e) {
      throw new EngineException("cannot initialise " + place.data() + ": " + e.getMessage(), e);
    }
  }

  private static String user(Place place) {
    return place.uid() < 0 ? "" : Integer.toString(place.uid());
  }

  /** The server's command line: with an address if it is to serve. */
  Program program(Place place, boolean serving) {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                classes().toString(),
                TinyServer.class.getName(),
                place.data().toString(),
                place.run().toString()));
    if (serving) {
      line.add(place.host());
      line.add(Integer.toString(place.port()));
    }
    return new Program(line, new TreeMap<>(), null, place.data(), user(place));
  }

  @Override
  public Program server(Installation installation, Place place) {
    return program(place, true);
  }

  @Override
  public void load(Installation installation, Place place, Load load, Deadline deadline)
      throws EngineException, InterruptedException {
    try (OpenDump dump = Dumps.open(load.dump(), Limits.USUAL);
        TinyFilling filling = TinyFilling.start(this, place, deadline);
        TinyClient administrator = filling.session(TinySession.ADMINISTRATOR);
        TinyClient owner = filling.session(load.user().name())) {
      administrator.ask("database\t" + load.user().database());
      administrator.ask("account\t" + load.user().name() + "\tlocked");
      try (ExecutorService feeder = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Integer> fed = feeder.submit(() -> feed(dump, load, owner));
        try {
          watch(fed, dump, load, deadline);
        } finally {
          if (!fed.isDone()) {
            // Whoever waits for its answer hears that it is gone.
            filling.kill();
          }
        }
      }
      load.progress().accept(load.dump().bytes());
      filling.stop(deadline);
    } catch (IOException e) {
      throw new EngineException("cannot load: " + e.getMessage(), e);
    }
  }

  private static void watch(Future<Integer> fed, OpenDump dump, Load load, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    while (true) {
      try {
        fed.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        load.progress().accept(dump.consumed());
        if (deadline.over()) {
          throw new EngineException("the dump was not loaded in time", e);
        }
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case EngineException refused -> throw refused;
          case IOException unreadable -> throw unreadable;
          case null, default -> throw new EngineException("cannot load: " + e.getCause(), e);
        }
      }
    }
  }

  private static int feed(OpenDump dump, Load load, TinyClient owner)
      throws EngineException, IOException {
    int number = 0;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(dump, load.charset().orElse(StandardCharsets.UTF_8)))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        try {
          owner.ask(line);
        } catch (EngineException e) {
          throw new EngineException("line " + number + ": " + e.getMessage(), e);
        }
      }
    }
    return number;
  }

  @Override
  public void hook(Installation installation, Place place, Hook hook, Deadline deadline)
      throws EngineException, InterruptedException {
    try (TinyFilling filling = TinyFilling.start(this, place, deadline);
        TinyClient administrator = filling.session(TinySession.ADMINISTRATOR)) {
      for (String line : hook.sql().lines().toList()) {
        administrator.ask(line);
      }
      filling.stop(deadline);
    } catch (IOException e) {
      throw new EngineException("cannot run a hook: " + e.getMessage(), e);
    }
  }

  @Override
  public SortedMap<String, Long> freeze(
      Installation installation, Place place, Freeze freeze, Deadline deadline)
      throws EngineException, InterruptedException {
    SortedMap<String, Long> rows = new TreeMap<>();
    try (TinyFilling filling = TinyFilling.start(this, place, deadline);
        TinyAdministration administrator =
            new TinyAdministration(filling.session(TinySession.ADMINISTRATOR))) {
      String verifier = TinyAdministration.verifier(freeze.administrator().reveal());
      administrator.client().ask("account\t" + TinySession.ADMINISTRATOR + "\t" + verifier);
      administrator.client().ask("account\t" + freeze.user().name() + "\tlocked");
      administrator.client().ask("lock\t" + TinySession.ADMINISTRATOR);
      administrator
          .digest(freeze.user().database(), deadline.left())
          .forEach((table, digest) -> rows.put(table, digest.rows()));
      filling.stop(deadline);
      return rows;
    } catch (IOException e) {
      throw new EngineException("cannot freeze: " + e.getMessage(), e);
    }
  }

  @Override
  public Administration administer(Place place, Secret administrator, Duration deadline)
      throws EngineException {
    List<String> login = List.of(TinySession.ADMINISTRATOR, administrator.reveal(), "");
    return new TinyAdministration(
        TinyClient.tls(address(place), place.certificate(), login, deadline));
  }

  @Override
  public UserSession login(Place place, User user, Duration deadline) throws EngineException {
    List<String> login = List.of(user.name(), user.password().reveal(), user.database());
    return new TinyUserSession(
        TinyClient.tls(address(place), place.certificate(), login, deadline), user);
  }

  private static InetSocketAddress address(Place place) {
    return new InetSocketAddress(place.host(), place.port());
  }

  @Override
  public Signal stopSignal() {
    return Signal.TERMINATE;
  }

  @Override
  public boolean leftOut(Path relative) {
    return relative.equals(Path.of(TinyServer.PID));
  }

  @Override
  public SortedMap<String, String> connectionStrings(
      String host, int port, User user, Path certificate) {
    String url =
        "tiny://%s:%s@%s:%d/%s?trust=%s"
            .formatted(
                coded(user.name()),
                coded(user.password().reveal()),
                host,
                port,
                coded(user.database()),
                coded(certificate.toString()));
    return new TreeMap<>(java.util.Map.of("url", url));
  }

  private static String coded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
