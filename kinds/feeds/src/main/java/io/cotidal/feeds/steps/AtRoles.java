package io.cotidal.feeds.steps;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.plan.Acts;
import io.cotidal.feeds.table.Prepared;
import io.cotidal.feeds.table.TableException;
import io.cotidal.feeds.table.Tables;
import io.cotidal.feeds.table.Target;
import io.cotidal.model.Details;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Roles and workspaces. Roles come first, when much of what they grant is not here yet; so what
 * they say of a workspace or a table is made up for when that comes.
 */
final class AtRoles {
  private static final Logger log = LoggerFactory.getLogger(AtRoles.class);

  private final Tables tables;
  private final Publications publications;
  private final boolean skipped;

  /**
   * Of that database.
   *
   * @param skipped whether roles are left alone
   */
  AtRoles(Tables tables, Publications publications, boolean skipped) {
    this.tables = tables;
    this.publications = publications;
    this.skipped = skipped;
  }

  /** Makes roles and grants. */
  Details roles(Body.Roles roles, Deadline deadline) throws TableException, InterruptedException {
    Prepared done = tables.roles(roles, publications.workspaces(), deadline);
    Details evidence = Details.of(Acts.CHANGED, done.changed());
    return done.warnings().isEmpty()
        ? evidence
        : evidence.with(Acts.MESSAGE, String.join("; ", done.warnings()));
  }

  /** Makes schemas and grants of a workspace, also those that the roles file says. */
  Prepared workspace(Body.Workspace workspace, Deadline deadline)
      throws TableException, InterruptedException {
    Optional<Body.Roles> roles = roles();
    return roles.isPresent()
        ? tables.prepare(workspace, roles.get(), deadline)
        : tables.prepare(workspace, deadline);
  }

  /**
   * A table is here that was not: the roles file may grant it.
   *
   * @return why that could not be done; empty if it is
   */
  String table(Target target, Deadline deadline) throws InterruptedException {
    Optional<Body.Roles> roles = roles();
    if (roles.isEmpty()) {
      return "";
    }
    try {
      tables.granted(roles.get(), target, deadline);
      return "";
    } catch (TableException e) {
      // The table is served; whoever shall read it by a role alone waits for the next try.
      log.warn("event=no-grant table={} reason=\"{}\"", target, ActFailed.line(e));
      return ActFailed.line(e);
    }
  }

  /** What is said of a swap of which nobody heard more than that it is done. */
  String unknown() {
    return roles().isPresent() ? "nobody heard whether they were made" : "";
  }

  private Optional<Body.Roles> roles() {
    return skipped
        ? Optional.empty()
        : publications
            .body(new Subject(Sort.ROLES, "roles", ""))
            .filter(Body.Roles.class::isInstance)
            .map(Body.Roles.class::cast);
  }
}
