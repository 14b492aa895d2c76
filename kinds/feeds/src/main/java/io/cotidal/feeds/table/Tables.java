package io.cotidal.feeds.table;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The published tables of one database. Each is a view over one of its generations, and each
 * generation a table of its own; publishing is one replacement of a view, and so is going back.
 *
 * <p>Thread-safe. Different tables may be worked on at the same time; of one table, one thing at a
 * time is the caller's care. Every call ends by its deadline, and asks the database anew: nothing
 * is remembered here. Interruption ends a call; what it had not finished is undone, or is a
 * leftover of {@link #served}.
 */
public final class Tables {
  /** How long one generation is tried to be removed; the next clearing tries again. */
  private static final Duration SHORT = Duration.ofSeconds(10);

  private final FeedsSpec.Database database;
  private final LocalProcesses processes;
  private final Path scratch;
  private final Memory memory;

  /**
   * Of that database.
   *
   * @param scratch a private folder for files while programs run
   */
  public Tables(FeedsSpec.Database database, LocalProcesses processes, Path scratch) {
    this.database = database;
    this.processes = processes;
    this.scratch = scratch;
    this.memory = new Memory(database.schema());
  }

  /**
   * Makes PostGIS, the workspace's schemas, our own memory, and the rights of readers as they
   * should be. Writes nothing if they are.
   */
  public Prepared prepare(Body.Workspace workspace, Deadline deadline)
      throws TableException, InterruptedException {
    return prepare(workspace, List.of(), deadline);
  }

  /**
   * The same, and what a roles file says of the workspace, in one transaction: what the file gives
   * is not taken away first. Passwords of roles that are there stay as they are.
   *
   * @throws TableException {@code REJECTED} if the file says what none may say
   */
  public Prepared prepare(Body.Workspace workspace, Body.Roles roles, Deadline deadline)
      throws TableException, InterruptedException {
    return prepare(workspace, RolesScript.read(roles.sql()), deadline);
  }

  private Prepared prepare(
      Body.Workspace workspace, List<RolesScript.Line> lines, Deadline deadline)
      throws TableException, InterruptedException {
    try (Session session = open("schema " + workspace.schemas().view(), deadline)) {
      return new Policy(memory, new RolesWill(lines))
          .prepare(session, workspace, named(lines, workspace) ? lines : List.of());
    }
  }

  /**
   * Makes the roles and grants that a roles file says, all or nothing. Only what a reader's role
   * needs is done; rights are given in schemas of workspaces alone. Schemas that the file names and
   * that are of {@code workspaces} are prepared before.
   *
   * @param workspaces those that shall be here
   * @return with a warning for each grant on what is not here; {@link #granted} and {@link
   *     #prepare} make it up
   * @throws TableException {@code REJECTED} if the file says anything else, with line and reason
   */
  public Prepared roles(Body.Roles roles, List<Body.Workspace> workspaces, Deadline deadline)
      throws TableException, InterruptedException {
    List<RolesScript.Line> lines = RolesScript.read(roles.sql());
    Policy policy = new Policy(memory, new RolesWill(lines));
    Set<String> published = new TreeSet<>();
    for (Body.Workspace workspace : workspaces) {
      published.addAll(List.of(workspace.schemas().view(), workspace.schemas().data()));
    }
    try (Session session = open("slave_roles.sql", deadline)) {
      return session.patiently(() -> {
        boolean changed = false;
        for (Body.Workspace workspace : workspaces) {
          changed |= named(lines, workspace) && policy.within(session, workspace).changed();
        }
        Prepared done = new Roles(session, memory, published, true).apply(lines);
        return new Prepared(changed || done.changed(), done.warnings());
      });
    }
  }

  /** Makes up for what a roles file says of a table that was not here. */
  public Prepared granted(Body.Roles roles, Target target, Deadline deadline)
      throws TableException, InterruptedException {
    List<RolesScript.Line> lines =
        RolesScript.read(roles.sql()).stream().filter(line -> about(line, target)).toList();
    if (lines.isEmpty()) {
      return new Prepared(false, List.of());
    }
    Set<String> published = Set.of(target.schemas().view());
    try (Session session = open(target.toString(), deadline)) {
      return session.patiently(() -> new Roles(session, memory, published, false).apply(lines));
    }
  }

  private static boolean about(RolesScript.Line line, Target target) {
    return line.statement() instanceof RoleStatement.Right right
        && right.reaches().stream().anyMatch(reach -> reach.reaches(target));
  }

  private static boolean named(List<RolesScript.Line> lines, Body.Workspace workspace) {
    Body.Schemas schemas = workspace.schemas();
    return lines.stream()
        .anyMatch(line ->
            line.statement() instanceof RoleStatement.Right right
                && right.reaches().stream()
                    .map(RoleStatement.Reach::schema)
                    .anyMatch(name -> name.equals(schemas.view()) || name.equals(schemas.data())));
  }

  /**
   * Makes a generation of a dump. Nobody sees it yet. If that generation is ready since an earlier
   * try, it is used; what an earlier try left half done is removed first.
   *
   * @throws TableException {@code REJECTED} if the dump is broken, or holds more or other things
   *     than the one table; nothing is left of it then
   */
  public Staged stage(Stage stage, Deadline deadline) throws TableException, InterruptedException {
    Archive archive = Archive.with(database, processes, scratch);
    return new Loading(database, memory, archive).stage(stage, deadline);
  }

  /**
   * Lets a generation that is kept become another one: its table gets the new name, {@code change}
   * brings its rows there, all in one transaction. Nobody may read it meanwhile; if anything fails,
   * it is as it was. Afterwards it is a new one that was never served, and the old one is no more.
   *
   * @param change finds the table with its rows and indexes
   * @throws TableException {@code FAILED} if that generation is served, or somebody's things need
   *     it; {@code BUSY} if somebody reads it for long
   */
  public Staged advance(Successor successor, Fill change, Deadline deadline)
      throws TableException, InterruptedException {
    Archive archive = Archive.with(database, processes, scratch);
    Loading loading = new Loading(database, memory, archive);
    return new Advance(database, memory, loading, Advance.PATIENCE)
        .stage(successor, change, deadline);
  }

  /**
   * Makes a generation of another one: an empty table like it, rows by {@code fill}, then the same
   * indexes, constraints and foreign keys. As with {@link #stage}, nobody sees it yet, what is
   * ready is used, and what fails leaves nothing.
   */
  public Staged stageFrom(Successor successor, Fill fill, Deadline deadline)
      throws TableException, InterruptedException {
    Archive archive = Archive.with(database, processes, scratch);
    Loading loading = new Loading(database, memory, archive);
    return new Succession(database, memory, loading).stage(successor, fill, deadline);
  }

  /**
   * Serves a generation that is staged. Readers see the old one or the new one, and never an error.
   *
   * @throws TableException {@code BUSY} if readers kept the view locked until the deadline; readers
   *     that came meanwhile did not wait for longer than {@code lockWait}
   */
  public Swapped swap(Target target, String generation, Deadline deadline)
      throws TableException, InterruptedException {
    try (Session session = open(target.toString(), deadline)) {
      return new Swapping(memory).swap(session, target, generation);
    }
  }

  /** Serves a kept generation again; the same as {@link #swap}, for what is kept is staged. */
  public Swapped rollBack(Target target, String generation, Deadline deadline)
      throws TableException, InterruptedException {
    return swap(target, generation, deadline);
  }

  /** Everything that is published here, with what differs from what was left. */
  public Shown served(Deadline deadline) throws TableException, InterruptedException {
    try (Session session = open("published tables", deadline)) {
      return new Overview(memory).look(session);
    }
  }

  /**
   * Removes a published table with all its generations. Without effect if there is none.
   *
   * @throws TableException {@code FAILED} if things of other people's need it; they are named
   */
  public void withdraw(Target target, Deadline deadline)
      throws TableException, InterruptedException {
    try (Session session = open(target.toString(), deadline)) {
      if (!memory.there(session)) {
        session.once(() -> {
          memory.make(session);
          return true;
        });
      }
      new Clearing(memory).withdraw(session, target);
      Clearing.outdated(session, target);
    }
  }

  /**
   * Removes a generation that is not served. Without effect if there is none.
   *
   * @throws TableException {@code FAILED} if it is served, or somebody's things need it
   */
  public void drop(Target target, String generation, Deadline deadline)
      throws TableException, InterruptedException {
    try (Session session = open(target.toString(), deadline)) {
      Optional<Memory.Generation> found =
          memory.there(session) ? memory.find(session, target, generation) : Optional.empty();
      if (found.isPresent()) {
        new Clearing(memory).drop(session, target, found.get());
      }
    }
  }

  /**
   * What {@link #trim} did.
   *
   * @param dropped generations that are gone
   * @param left why some are still there that should be gone, one line each
   */
  public record Trimmed(List<Shown.Kept> dropped, List<String> left) {
    /** Copies the lists. */
    public Trimmed {
      dropped = List.copyOf(dropped);
      left = List.copyOf(left);
    }
  }

  /**
   * Removes kept generations, the oldest first, until at most {@code keep} of each table are left
   * and all together take at most {@code budgetBytes}. Those that are served are never removed.
   */
  public Trimmed trim(int keep, long budgetBytes, Deadline deadline)
      throws TableException, InterruptedException {
    List<Shown.Kept> excess = excess(served(deadline).kept(), keep, budgetBytes);
    List<Shown.Kept> dropped = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (Shown.Kept each : excess) {
      try {
        drop(each.target(), each.generation(), deadline.atMost(SHORT));
        dropped.add(each);
      } catch (TableException e) {
        if (e.kind() == TableException.Kind.UNREACHABLE) {
          throw e;
        }
        left.add(e.getMessage());
      }
    }
    return new Trimmed(dropped, left);
  }

  /** Those that are too many or too much, the oldest first. */
  static List<Shown.Kept> excess(List<Shown.Kept> kept, int keep, long budgetBytes) {
    List<Shown.Kept> newest = new ArrayList<>(kept);
    newest.sort(Comparator.comparing(Shown.Kept::at).reversed());
    Map<Target, Integer> counts = new HashMap<>();
    List<Shown.Kept> excess = new ArrayList<>();
    long bytes = 0;
    boolean full = false;
    for (Shown.Kept each : newest) {
      boolean few = counts.merge(each.target(), 1, Integer::sum) <= keep;
      full = full || (few && bytes + each.bytes() > budgetBytes);
      if (few && !full) {
        bytes += each.bytes();
      } else {
        excess.addFirst(each);
      }
    }
    return excess;
  }

  private Session open(String about, Deadline deadline)
      throws TableException, InterruptedException {
    return Session.open(database, about, deadline);
  }
}
