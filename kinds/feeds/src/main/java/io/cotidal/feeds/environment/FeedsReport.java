package io.cotidal.feeds.environment;

import static io.cotidal.feeds.environment.FeedsVariable.BORG_STATE_HOME;
import static io.cotidal.feeds.environment.FeedsVariable.BORG_STATE_REPOSITORY;
import static io.cotidal.feeds.environment.FeedsVariable.MASTER_PGSQL_HOST;
import static io.cotidal.feeds.environment.FeedsVariable.SLAVE_NAME;
import static io.cotidal.feeds.environment.FeedsVariable.STATE_REPOSITORY_ROOT;
import static io.cotidal.feeds.environment.FeedsVariable.SYNC_PATH;
import static io.cotidal.feeds.environment.FeedsVariable.SYNC_SERVER;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says of each variable what became of it. */
final class FeedsReport {
  private final Given given;

  FeedsReport(Given given) {
    this.given = given;
  }

  /** A line each, in their order. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (FeedsVariable variable : FeedsVariable.values()) {
      lines.add(
          given
              .text(variable)
              .map(value -> line(variable, value))
              .orElse(variable + " is not set: " + variable.unset()));
    }
    return lines;
  }

  private String line(FeedsVariable variable, String value) {
    String head = variable + "=" + (variable.shown() ? FeedsValues.line(value) : "***");
    if (variable.lifted()) {
      return head + " is lifted, it becomes " + variable.becomes();
    }
    return passedOver(variable)
        .map(why -> head + " is passed over: " + why)
        .orElse(head + " becomes " + variable.becomes());
  }

  private Optional<String> passedOver(FeedsVariable variable) {
    if (variable == SYNC_PATH && !given.set(SYNC_SERVER)) {
      return Optional.of(SYNC_SERVER + " is not set");
    }
    boolean forMaster = variable == SLAVE_NAME || variable.name().startsWith("MASTER_PGSQL_");
    if (forMaster && !Databases.told(given)) {
      return Optional.of(MASTER_PGSQL_HOST + " is not set");
    }
    boolean older = variable == BORG_STATE_REPOSITORY || variable == BORG_STATE_HOME;
    if (older && given.set(STATE_REPOSITORY_ROOT)) {
      return Optional.of(STATE_REPOSITORY_ROOT + " is set");
    }
    return variable == BORG_STATE_HOME && given.set(BORG_STATE_REPOSITORY)
        ? Optional.of(BORG_STATE_REPOSITORY + " is set")
        : Optional.empty();
  }
}
