package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.lab.ClusterSettings;
import io.cotidal.lab.Login;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.Target;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole daemon on a cluster of which plug-ins start, stop, promote and copy the servers and
 * tell how far replicas are, by PostgreSQL's own programs.
 */
@Timeout(240)
final class PluginsInPlaceIT {
  @TempDir private Path folder;

  private ClusterLab lab;
  private OrdersDaemon orders;

  @BeforeEach
  void open() throws IOException, StartFailure {
    Optional<Path> bin = PostgresBinaries.installed(15);
    assumeTrue(
        bin.isPresent() || System.getenv("CI") != null,
        "SKIPPED: PostgreSQL 15 is not installed; apt-get install postgresql-15");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    lab = ClusterLab.open(bin.orElseThrow());
    program(
        "keeper",
        """
        case $mode in
          start) as BIN/pg_ctl -D "$data" -l "$data/keeper.log" -W start >/dev/null 2>&1 ;;
          stop) as BIN/pg_ctl -D "$data" -m fast -W stop >/dev/null 2>&1 ;;
        esac && note "$mode" && yes
        """);
    program(
        "promoter", "as BIN/pg_ctl -D \"$data\" -W promote >/dev/null 2>&1 && note promote && yes");
    program(
        "copier",
        """
        as env PGPASSFILE="$passfile" BIN/pg_basebackup -h 127.0.0.1 -p "$from_port" -U "$user" \\
          -D "$data" -X none -c fast >&2 && note copy && yes
        """);
    program("teller", "echo '{\"ok\": true, \"lag-bytes\": 96, \"lag-seconds\": 0.25}'");
    lab.cluster()
        .configure(
            ClusterSettings.listening(lab.registry().port())
                .through(
                    """
                        plugins:
                          - {name: keeper, hook: restart, limit: 20s, program: "%1$s/keeper"}
                          - {name: promoter, hook: promote, limit: 20s, program: "%1$s/promoter"}
                          - {name: copier, hook: clone, limit: 60s, program: "%1$s/copier"}
                          - {name: teller, hook: replication-status, program: "%1$s/teller"}
                    """
                        .formatted(folder)));
    orders = OrdersDaemon.start(lab.configuration());
    orders.create();
  }

  @AfterEach
  void close() throws IOException {
    if (orders != null) {
      orders.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  /** A plug-in; {@code $data} and the like are what it was told, {@code note} keeps what it did. */
  private void program(String name, String script) throws IOException {
    StringBuilder told = new StringBuilder();
    for (String each : List.of("data", "mode", "name", "from-port", "user", "passfile")) {
      told.append(each.replace('-', '_'))
          .append("=$(printf %s \"$question\" | sed -n 's/.*\"")
          .append(each)
          .append("\":\"\\([^\"]*\\)\".*/\\1/p')\n");
    }
    String user = lab.cluster().user();
    String as =
        user.isEmpty()
            ? ""
            : "setpriv --reuid=%1$s --regid=$(id -g %1$s) --clear-groups ".formatted(user);
    Path file = folder.resolve(name);
    Files.writeString(
        file,
        "#!/bin/sh\nquestion=$(cat)\n"
            + told
            + "as() { cd /; "
            + as
            + "\"$@\"; }\n"
            + "note() { echo \"$1 $name\" >> "
            + folder.resolve("notes")
            + "; }\nyes() { echo '{\"ok\": true}'; }\n"
            + script.replace("BIN", lab.cluster().bin().toString())
            + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private List<String> notes() throws IOException {
    return Files.readAllLines(folder.resolve("notes"));
  }

  private List<String> since(int before) throws IOException {
    List<String> all = notes();
    return all.subList(before, all.size());
  }

  private String column(String member, String name) {
    return orders.view().members().stream()
        .filter(each -> each.id().name().equals(member))
        .map(each -> each.facts().get(name, ""))
        .findFirst()
        .orElse("");
  }

  private Connection session(String member) throws SQLException {
    Target target = lab.cluster().member(member);
    Login login = lab.cluster().login();
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + target.port() + "/" + login.database(),
        login.user(),
        login.password().reveal());
  }

  private int rows(String member) throws SQLException {
    try (Connection session = session(member);
        Statement statement = session.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM kept")) {
      return row.next() ? row.getInt(1) : -1;
    }
  }

  private List<String> predicted(String type, Details input) {
    Command ask = new Command.Begin(new Actor("eve"), type, input, null, true);
    Reply reply = orders.control().command(OrdersDaemon.ORDERS, ask).join();
    assertThat(reply).isInstanceOf(Reply.Preview.class);
    Reply.Preview preview = (Reply.Preview) reply;
    return Stream.concat(preview.steps().stream(), preview.predicted().stream())
        .map(Step::sentence)
        .toList();
  }

  @Test
  @DisplayName(
      "A cluster whose servers plug-ins start, stop, promote and copy is made, moved and mended")
  void everyHook() throws IOException, SQLException {
    assertThat(notes())
        .startsWith("start a", "promote a")
        .contains("copy b", "start b", "copy c", "start c");
    try (Connection session = session("a");
        Statement statement = session.createStatement()) {
      statement.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000)");
    }

    int before = notes().size();
    assertThat(predicted("switchover", Details.of("to", "b")))
        .as("a dry run says who will do it")
        .anyMatch(each -> each.startsWith("stop a") && each.endsWith(", by plug-in keeper"))
        .anyMatch(each -> each.startsWith("promote b") && each.endsWith(", by plug-in promoter"));
    Operation moved = orders.done("switchover", Details.of("to", "b"));
    assertThat(moved.step("start a").orElseThrow().step().sentence())
        .endsWith(", by plug-in keeper");
    assertThat(since(before)).as("and so it was").containsExactly("stop a", "promote b", "start a");
    orders.awaitWhole();
    assertThat(orders.primary()).isEqualTo("b");
    assertThat(rows("b")).isEqualTo(1000);

    await()
        .atMost(OrdersDaemon.LONG)
        .untilAsserted(() -> {
          assertThat(column("c", "reported")).isEqualTo("by plug-in teller");
          assertThat(column("c", "reported-lag-bytes")).isEqualTo("96");
        });
    assertThat(column("b", "reported")).as("the primary is nobody's replica").isEmpty();

    int moves = notes().size();
    orders.ask("reclone", Details.of("member", "c"));
    await()
        .atMost(OrdersDaemon.LONG)
        .untilAsserted(() ->
            assertThat(orders.newest("clone").map(Operation::state))
                .as(orders::story)
                .contains(OperationState.DONE));
    assertThat(since(moves)).as(orders::story).containsExactly("copy c", "start c");
    assertThat(orders.newest("clone").orElseThrow().step("clone c").orElseThrow().step().sentence())
        .isEqualTo("copy b over c, by plug-in copier");
    orders.awaitWhole();
    await().atMost(OrdersDaemon.LONG).untilAsserted(() -> assertThat(rows("c")).isEqualTo(1000));

    // One that fails is named, and nothing is taken for done.
    program("keeper", "echo '{\"ok\": false, \"reason\": \"the console is shut\"}'");
    Operation restart = orders.ended(orders.ask("restart", Details.of("member", "c")));
    assertThat(restart.state()).as(orders::story).isEqualTo(OperationState.FAILED);
    assertThat(restart.note()).contains("keeper", "the console is shut");
    assertThat(rows("c")).as("it runs as before").isEqualTo(1000);
  }
}
