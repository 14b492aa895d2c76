package io.cotidal.feeds.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.model.Names;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
@DisplayName("the name of a job's row")
final class JobNamesTest {
  private static String name(String layer) {
    return Jobs.name(new Subject(Sort.LAYER, "sites", layer));
  }

  @Test
  @DisplayName("is the job's own where that is a name, and no other job's")
  void own() {
    assertThat(name("parcels")).isEqualTo("layer.sites.parcels");
    String hashed = name("Parcels");
    assertThat(hashed).matches("layer\\.sites\\.parcels-[0-9a-f]{8}");
    assertThat(Names.valid(hashed)).isTrue();
    assertThat(Names.valid(name("x".repeat(63)))).isTrue();
    // Somebody's layer may be called as the row of another would be.
    String borrowed = hashed.substring("layer.sites.".length());
    assertThat(name(borrowed)).isNotEqualTo(hashed).startsWith(hashed);
  }
}
