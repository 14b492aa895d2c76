package io.cotidal.feeds.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Documents;
import io.cotidal.feeds.job.Jobs;
import io.cotidal.feeds.job.Thing;
import io.cotidal.model.Wanted;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("what guards data, as its files say it")
final class GuardsTest {
  private static Thing[] read(int access, String role) {
    SortedMap<String, String> files = new TreeMap<>();
    files.put("slave_roles.sql", "CREATE ROLE \"" + role + "\";");
    files.put(
        Paper.CHANNEL + "/workspaces/sites.json",
        """
        {"schema": "sites", "data_schema": "sites_data", "outdated_schema": "sites_outdated",
         "channel": "%s", "sync_postgres_data": true, "sync_geoserver_data": true,
         "auth_level": %d, "action": "publish"}
        """
            .formatted(Paper.CHANNEL, access));
    return Jobs.read(files, Set.of(Paper.CHANNEL), Documents.NONE).toArray(Thing[]::new);
  }

  @Test
  @DisplayName("comes into force first, and again when only roles or access change")
  void change() {
    Desk desk = new Desk(Paper.spec(Paper.Manner.PLAIN), null);
    desk.replica.commit(read(0, "ops"));
    desk.start();
    desk.settle();
    assertThat(desk.code()).isEqualTo("healthy");
    desk.replica.commit(read(2, "ops"));
    desk.look();
    assertThat(desk.wanted())
        .extracting(Wanted::reason)
        .anyMatch(reason -> reason.startsWith("workspace/sites"));
    desk.settle();
    desk.replica.commit(read(2, "others"));
    desk.look();
    assertThat(desk.wanted())
        .extracting(Wanted::reason)
        .anyMatch(reason -> reason.startsWith("roles/roles"));
    desk.settle();
    assertThat(desk.code()).isEqualTo("healthy");
  }
}
