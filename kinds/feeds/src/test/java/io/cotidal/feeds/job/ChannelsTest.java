package io.cotidal.feeds.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Thing.Wish;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
@DisplayName("which files are jobs, and which channel has the word")
final class ChannelsTest {
  @Test
  @DisplayName("two channels that say different things of one subject are refused; both are named")
  void twoChannels() {
    String one = "{\"title\":\"one\"}";
    String two = "{\"title\":\"two\"}";
    String remove = "{\"action\":\"remove\"}";
    Thing thing = Samples.one("kmi/layers/s.t.json", one, "other/layers/s.t.json", two);
    assertThat(thing.wish())
        .isEqualTo(
            new Wish.Refused(
                "kmi/layers/s.t.json and other/layers/s.t.json: say different things of"
                    + " layer/s.t; remove all but one, or listen to one of these channels only"));
    assertThat(Samples.one("kmi/layers/s.t.json", one, "other/layers/s.t.json", one).publish())
        .isPresent();
    assertThat(Samples.one("kmi/layers/s.t.json", remove, "other/layers/s.t.json", two).channel())
        .as("given away by one channel to the other")
        .isEqualTo("other");
    assertThat(Samples.one("kmi/layers/s.t.json", remove, "other/layers/s.t.json", remove).wish())
        .isEqualTo(new Wish.Remove());
    assertThat(Samples.one("kmi/layers/s.t.json", one, "other/layers/s.t.json", "{").wish())
        .as("the one that cannot be read is told, and the other one named")
        .isEqualTo(
            new Wish.Refused(
                "other/layers/s.t.json: line 1: is no JSON; publish it again, and agree with"
                    + " kmi/layers/s.t.json"));
    String thin = "{\"meta\":{\"file\":\"b@m:/%s.json\"}}";
    assertThat(
            Samples.one(
                    "kmi/layers/s.t.json",
                    thin.formatted(1),
                    "other/layers/s.t.json",
                    thin.formatted(2))
                .wish())
        .isEqualTo(
            new Wish.Unread(
                List.of(new Blob("b@m", "/1.json", ""), new Blob("b@m", "/2.json", ""))));
    assertThat(Samples.one("a/slave_roles.sql", "A", "b/slave_roles.sql", "B").wish())
        .isInstanceOf(Wish.Refused.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kmi/layers/sites.parcels.json | true
          kmi/layers/sites.parcels.meta.json | true
          kmi/workspaces/sites.json | true
          kmi/layers.properties | true
          slave_roles.sql | true
          any/where/slave_roles.sql | true
          else/layers/sites.parcels.json | false
          kmi/layers/deep/sites.parcels.json | false
          kmi/layers/sites.parcels.txt | false
          kmi/rasters/sites.parcels.json | false
          layers.properties | false
          kmi/slave_roles.sql.orig | false
          .hgtags | false
          """)
  void interesting(String path, boolean expected) {
    assertThat(Jobs.interesting(path, Set.of("kmi"))).isEqualTo(expected);
  }
}
