package io.cotidal.feeds.geoserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.geoserver.Site.Level;
import io.cotidal.feeds.geoserver.Site.Settled;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers of WFS and WMS while tables are swapped and columns change. */
@DisplayName("readers of a layer")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SiteReadersIT {
  private static final int SWAPS = 20;
  private static final int READS = 40;

  private SiteLab lab;

  @BeforeAll
  void begin(@TempDir Path folder) throws Exception {
    lab = SiteLab.open(folder);
    lab.sql("CREATE TABLE sites_data.parcels__g2 (LIKE sites_data.parcels INCLUDING ALL)");
    lab.sql("INSERT INTO sites_data.parcels__g2 SELECT * FROM sites_data.parcels");
  }

  @AfterAll
  void end() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  @BeforeEach
  void publish() throws Exception {
    lab.sql(
        "DROP VIEW sites.parcels; CREATE VIEW sites.parcels AS SELECT * FROM sites_data.parcels");
    Applied _ = lab.site().applyWhole(lab.parcels("Parcels", "aa0000"), SiteLab.soon());
    lab.site().reset(Level.ALL, SiteLab.SPOT, SiteLab.soon());
    assertThat(lab.site().probe(SiteLab.SPOT, SiteLab.soon())).isEqualTo(new Probe.Good());
  }

  @Test
  @DisplayName(
      "feeds/S9: see no error while a table is published twenty times, nor while its title changes")
  void swaps() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger reads = new AtomicInteger();
    List<Probe> bad = new CopyOnWriteArrayList<>();
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> loops =
          List.of(
              readers.submit(() -> read(over, reads, bad)),
              readers.submit(() -> read(over, reads, bad)));
      for (int i = 0; i < SWAPS || reads.get() < READS; i++) {
        String table = i % 2 == 0 ? "parcels__g2" : "parcels";
        lab.sql("CREATE OR REPLACE VIEW sites.parcels AS SELECT * FROM sites_data." + table);
        Applied _ =
            lab.site()
                .apply(
                    lab.parcels("Parcels " + i, i % 4 == 0 ? "aa0000" : "00aa00"), SiteLab.soon());
        lab.site().reset(Level.LAYER, SiteLab.SPOT, SiteLab.soon());
      }
      over.set(true);
      for (Future<?> loop : loops) {
        Object _ = loop.get(30, TimeUnit.SECONDS);
      }
    }
    assertThat(bad).isEmpty();
  }

  private void read(AtomicBoolean over, AtomicInteger reads, List<Probe> bad) {
    while (!over.get()) {
      Probe probe = lab.site().probe(SiteLab.SPOT, SiteLab.soon());
      reads.incrementAndGet();
      if (!(probe instanceof Probe.Good)) {
        bad.add(probe);
      }
    }
  }

  @Test
  @DisplayName(
      "feeds/S16: see a dropped column as an error until the layer is reset, and no longer")
  void droppedColumn() throws Exception {
    lab.sql(
        "DROP VIEW sites.parcels; CREATE VIEW sites.parcels AS SELECT ogc_fid, name, wkb_geometry FROM sites_data.parcels");
    assertThat(lab.site().probe(SiteLab.SPOT, SiteLab.soon())).isInstanceOf(Probe.Bad.class);
    Settled settled = lab.site().settle(SiteLab.SPOT, SiteLab.soon());
    assertThat(settled.probe()).isEqualTo(new Probe.Good());
    assertThat(settled.reset()).isPresent();
  }

  @Test
  @DisplayName("feeds/S16: see an appended column and a renamed geometry after a reset")
  void changedColumns() throws Exception {
    lab.sql(
        "CREATE OR REPLACE VIEW sites.parcels AS SELECT *, 1 AS appended FROM sites_data.parcels");
    assertThat(lab.site().probe(SiteLab.SPOT, SiteLab.soon())).isEqualTo(new Probe.Good());
    lab.sql(
        "DROP VIEW sites.parcels; CREATE VIEW sites.parcels AS SELECT ogc_fid, wkb_geometry AS geom FROM sites_data.parcels");
    assertThat(lab.site().settle(SiteLab.SPOT, SiteLab.soon()).probe()).isEqualTo(new Probe.Good());
  }

  @Test
  @DisplayName("cannot be helped by a reset if the table is gone: that is said, with its reason")
  void gone() throws Exception {
    lab.sql("DROP VIEW sites.parcels");
    try {
      Settled settled = lab.site().settle(SiteLab.SPOT, SiteLab.soon());
      assertThat(settled.probe()).isInstanceOf(Probe.Bad.class);
      assertThat(settled.reset()).isEqualTo(Optional.of(Level.ALL));
    } finally {
      lab.sql("CREATE VIEW sites.parcels AS SELECT * FROM sites_data.parcels");
    }
  }
}
