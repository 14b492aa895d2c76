package io.cotidal.lab.rivals;

import io.cotidal.lab.Login;
import io.cotidal.lab.Target;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * How a cluster is, as its servers say: whoever looks after it is not asked.
 *
 * @param writable members that are no standbys
 * @param standbys members that are, and stream on the timeline of the one that is not
 * @param synchronous for how many of them a commit may wait
 */
public record Health(List<String> writable, List<String> standbys, int synchronous) {
  private static final String QUERY =
      """
      SELECT pg_is_in_recovery(),
             coalesce((SELECT received_tli FROM pg_stat_wal_receiver WHERE status = 'streaming'), 0),
             CASE WHEN pg_is_in_recovery() THEN 0
                  ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int
             END,
             (SELECT count(*) FROM pg_stat_replication
              WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum'))
      """;

  /** Copies the lists. */
  public Health {
    writable = List.copyOf(writable);
    standbys = List.copyOf(standbys);
  }

  private record Seen(String member, boolean standby, int receives, int writes, int synchronous) {}

  /** Asks every member, each for two seconds at most. */
  public static Health of(List<Target> members, Login login) {
    List<Seen> all = new ArrayList<>();
    for (Target member : members) {
      try (Connection connection = connect(member, login);
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(QUERY)) {
        if (row.next()) {
          all.add(
              new Seen(
                  member.member(), row.getBoolean(1), row.getInt(2), row.getInt(3), row.getInt(4)));
        }
      } catch (SQLException e) {
        // It does not answer: so it is neither.
      }
    }
    List<Seen> writable = all.stream().filter(each -> !each.standby()).toList();
    int timeline = writable.size() == 1 ? writable.getFirst().writes() : -1;
    return new Health(
        writable.stream().map(Seen::member).toList(),
        all.stream()
            .filter(each -> each.standby() && each.receives() == timeline)
            .map(Seen::member)
            .toList(),
        writable.stream().mapToInt(Seen::synchronous).sum());
  }

  /**
   * Whether one takes writes, all others follow it, and commits wait for somebody if they shall.
   */
  public boolean whole(int members, boolean waits) {
    return writable.size() == 1 && standbys.size() == members - 1 && (synchronous > 0) == waits;
  }

  private static Connection connect(Target member, Login login) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", login.user());
    properties.setProperty("password", login.password().reveal());
    properties.setProperty("ApplicationName", "lab");
    properties.setProperty("connectTimeout", "2");
    properties.setProperty("socketTimeout", "2");
    return DriverManager.getConnection(
        "jdbc:postgresql://" + member.host() + ":" + member.port() + "/" + login.database(),
        properties);
  }
}
