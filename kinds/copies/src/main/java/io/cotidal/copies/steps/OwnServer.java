package io.cotidal.copies.steps;

import io.cotidal.copies.database.Administration;
import io.cotidal.copies.database.Administration.TableDigest;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.Leftovers;
import io.cotidal.copies.database.Place;
import io.cotidal.copies.database.User;
import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.model.Details;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SortedMap;

/** A copy with a server of its own, on a clone of its generation's data folder. */
record OwnServer(Bench bench, String id, String name) implements Home {
  private static final Duration STOP = Duration.ofSeconds(10);

  @Override
  public User user() {
    return bench.user(id);
  }

  @Override
  public Details facts() throws IOException {
    return Details.of(Acts.HOST, bench.spec().service().host())
        .with(Acts.PORT, bench.place(id).port())
        .with(Acts.DATABASE, bench.spec().database().name())
        .with(Acts.USER, bench.spec().database().user())
        .with(Acts.METHOD, bench.tools().volume().method().words());
  }

  @Override
  public Details make(String generation, boolean spare, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    Premises premises = new Premises(bench);
    long begun = System.nanoTime();
    premises.run(id);
    premises.data(id, generation, deadline);
    long cloned = System.nanoTime();
    premises.certificate(id);
    Administration session = startup().up(id, bench.administrator(generation), true, deadline);
    long started = System.nanoTime();
    if (spare) {
      // All but the proof that it goes on, so that nothing else is left to do for its owner.
      bench.sessions().keep(id, new Door(bench).prepare(id, session));
      bench.tools().runtime().pause(bench.place(id));
    } else {
      try (session) {
        new Door(bench).open(id, session);
      }
    }
    return Details.of("clone-millis", Making.millis(begun, cloned))
        .with("start-millis", Making.millis(cloned, started));
  }

  @Override
  public Home replace(String generation, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    Startup startup = startup();
    startup.down(id, false, deadline);
    bench.tools().volume().remove(bench.layout().data(id), deadline);
    new Premises(bench).data(id, generation, deadline);
    try (Administration session =
        startup.up(id, bench.administrator(generation), false, deadline)) {
      new Door(bench).open(id, session);
    }
    return this;
  }

  @Override
  public void start(String generation, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    boolean ran = standing() == Standing.RUNNING;
    try (Administration session =
        startup().up(id, bench.administrator(generation), false, deadline)) {
      if (!ran) {
        // Of one that ran, sessions would be ended that nobody wants to lose.
        new Door(bench).open(id, session);
      }
    }
  }

  @Override
  public void stop(Deadline deadline) throws IOException, InterruptedException {
    new Startup(bench).down(id, true, deadline);
  }

  private Startup startup() {
    return new Startup(bench).named(name);
  }

  private Standing standing() throws IOException {
    return bench.tools().runtime().standing(bench.place(id));
  }

  @Override
  public boolean there() throws IOException {
    return standing() != Standing.GONE;
  }

  @Override
  public boolean stopped() throws IOException {
    return standing() == Standing.GONE;
  }

  @Override
  public SortedMap<String, TableDigest> digest(String generation, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    bench.sessions().drop(id);
    try (Administration session =
        new Startup(bench).up(id, bench.administrator(generation), false, deadline)) {
      Duration left = deadline.left();
      return session.digest(bench.spec().database().name(), left);
    }
  }

  @Override
  public void leave(Deadline deadline) throws IOException, InterruptedException {
    bench.sessions().drop(id);
    Path run = bench.layout().run(id);
    if (Files.isDirectory(run, LinkOption.NOFOLLOW_LINKS)) {
      Place place = bench.place(id);
      // An import that was killed in the middle leaves a server that the runtime did not start. Not
      // asked of a copy: what its account could write there must name nothing to be killed.
      if (id.startsWith("g")) {
        Leftovers.end(bench.tools().processes(), run, deadline.atMost(STOP));
        bench.tools().runtime().stop(bench.loading(id), false, deadline.atMost(STOP));
      }
      bench.tools().runtime().stop(place, false, deadline.atMost(STOP));
      bench.tools().ports().release(run);
    }
  }
}
