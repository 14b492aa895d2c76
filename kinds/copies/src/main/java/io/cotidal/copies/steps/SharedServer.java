package io.cotidal.copies.steps;

import io.cotidal.copies.database.Administration.TableDigest;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.Tenants;
import io.cotidal.copies.database.Tenants.Tenant;
import io.cotidal.copies.database.User;
import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.servers.StartQueue;
import io.cotidal.model.Details;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A copy that is a database in its generation's server. The names of database and user are made of
 * the place's id, never of what somebody wrote.
 *
 * @param generation in whose server
 */
record SharedServer(Bench bench, String id, String generation) implements Home {
  /** The name of a copy's database, and of its user. */
  static String name(String id) {
    return id.replace('-', '_');
  }

  /** Whose database has that name. */
  static String id(String name) {
    return name.replace('_', '-');
  }

  private Hosts hosts() throws EngineException {
    return Hosts.of(bench);
  }

  @Override
  public User user() {
    return new User(name(id), bench.password(id), name(id));
  }

  @Override
  public Details facts() throws IOException {
    return Details.of(Acts.HOST, bench.spec().service().host())
        .with(Acts.PORT, bench.place(Layout.host(generation)).port())
        .with(Acts.DATABASE, name(id))
        .with(Acts.USER, name(id))
        .with(Acts.METHOD, Hosts.method(bench.tools().volume()));
  }

  @Override
  public Details make(String source, boolean spare, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    long begun = System.nanoTime();
    Hosts hosts = hosts();
    long cloning;
    try (Tenants tenants = hosts.enter(generation, name(id), deadline)) {
      cloning = System.nanoTime();
      // Each clone has the server write all that it has not written yet: side by side, all would
      // wait for the last.
      try (StartQueue.Turn _ = bench.tools().starts().enter(deadline)) {
        tenants.admit(user(), hosts.origin(generation), deadline);
      }
    }
    long cloned = System.nanoTime();
    new Premises(bench).trust(id, bench.place(Layout.host(generation)).certificate());
    hosts.login(generation, user(), deadline);
    return Details.of("server-millis", Making.millis(begun, cloning))
        .with("clone-millis", Making.millis(cloning, cloned))
        .with("login-millis", Making.millis(cloned, System.nanoTime()));
  }

  @Override
  public Home replace(String fresh, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    Homes homes = new Homes(bench);
    if (!fresh.equals(generation)) {
      drop(() -> homes.share(id, fresh), deadline);
    }
    SharedServer next = new SharedServer(bench, id, fresh);
    Details _ = next.make(fresh, false, deadline);
    return next;
  }

  @Override
  public void start(String source, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    try (Tenants tenants = hosts().enter(generation, name(id), deadline)) {
      Tenant tenant = tenants.all(deadline.left()).get(name(id));
      if (tenant == null) {
        throw new EngineException("the database of " + id + " is gone: reset or delete it");
      }
      if (!tenant.open()) {
        tenants.open(user(), deadline);
        hosts().login(generation, user(), deadline);
      }
    }
  }

  @Override
  public void stop(Deadline deadline) throws EngineException, IOException, InterruptedException {
    // Even of a server that does not run: it would let the user in when it is started again.
    try (Tenants tenants = hosts().enter(generation, name(id), deadline)) {
      tenants.shut(name(id), deadline);
    }
  }

  @Override
  public boolean there() throws EngineException, IOException {
    Tenant tenant = tenant();
    return tenant != null && tenant.open();
  }

  @Override
  public boolean stopped() throws EngineException, IOException {
    Tenant tenant = tenant();
    return tenant != null && !tenant.open();
  }

  /** Null if the server does not run, or has no such database. */
  private @Nullable Tenant tenant() throws EngineException, IOException {
    Optional<Tenants> found = hosts().visit(generation, "look", Deadline.in(Hosts.LOGIN));
    if (found.isEmpty()) {
      return null;
    }
    try (Tenants tenants = found.get()) {
      return tenants.all(Hosts.LOGIN).get(name(id));
    }
  }

  @Override
  public SortedMap<String, TableDigest> digest(String source, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    try (Tenants tenants = hosts().enter(generation, name(id), deadline)) {
      return tenants.digest(name(id), deadline.left());
    }
  }

  @Override
  public void leave(Deadline deadline) throws IOException, InterruptedException {
    try {
      drop(() -> Files.deleteIfExists(bench.layout().tenancy(id)), deadline);
    } catch (EngineException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Of a server that does not run nothing is removed: it does that itself when it starts. */
  private void drop(Hosts.Note elsewhere, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    if (hosts().left(generation, elsewhere, deadline)) {
      return;
    }
    Optional<Tenants> found = hosts().visit(generation, name(id), deadline);
    if (found.isEmpty()) {
      throw new EngineException("the server of " + generation + " ended just now: try again");
    }
    try (Tenants tenants = found.get()) {
      tenants.remove(name(id), deadline);
    }
    elsewhere.write();
  }
}
