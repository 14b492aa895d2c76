package io.cotidal.feeds.geoserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.geoserver.SiteException.Kind;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Sort;
import io.cotidal.lab.geoserver.Fault;
import io.cotidal.remote.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A publication that goes wrong at each of its calls, and is tried again. */
@DisplayName("a publication of which one call fails")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SiteFaultsIT {
  private static final Gone GONE = new Gone.Layer(SiteLab.PARCELS, "");
  private static final Duration SHORT = Duration.ofMillis(250);
  private static final int MOST = 60;

  private SiteLab lab;

  @BeforeAll
  void begin(@TempDir Path folder) throws Exception {
    lab = SiteLab.open(folder);
  }

  @AfterAll
  void end() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  private Optional<Kind> tried(Wanted wanted, Deadline deadline) {
    try {
      Applied _ = lab.site().apply(wanted, deadline);
      return Optional.empty();
    } catch (SiteException e) {
      return Optional.of(e.kind());
    }
  }

  private void assertShown(String title, String colour) throws Exception {
    Site site = lab.site();
    assertThat(site.probe(SiteLab.SPOT, SiteLab.soon())).isEqualTo(new Probe.Good());
    assertThat(site.listing(SiteLab.soon()).styles())
        .containsExactly("sites:parcels", "sites:parcels.outline");
    assertThat(lab.stub().style("sites", "parcels").orElse("")).contains(colour);
    assertThat(lab.stub().style("sites", "parcels.outline").orElse("")).contains(colour);
    lab.stub().journal().clear();
    Applied _ = site.applyWhole(lab.parcels(title, colour), SiteLab.soon());
    assertThat(lab.stub().journal().writes()).as("all of it was done").isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"ERROR", "CUT"})
  @DisplayName("feeds/S8: of a first publication is nothing or whole after the next try")
  void first(Fault fault) throws Exception {
    int failed = 0;
    for (int k = 1; k < MOST; k++) {
      Applied _ = lab.site().remove(GONE, SiteLab.soon());
      lab.stub().fail(k, fault);
      Optional<Kind> trouble = tried(lab.parcels("First", "aa0000"), SiteLab.soon());
      if (lab.stub().heal()) {
        assertThat(trouble).as("no call was left to fail").isEmpty();
        assertThat(failed).isGreaterThan(8);
        return;
      }
      failed++;
      assertThat(trouble).as("call %d", k).isPresent();
      assertThat(tried(lab.parcels("First", "aa0000"), SiteLab.soon())).as("call %d", k).isEmpty();
      assertShown("First", "aa0000");
    }
    throw new AssertionError("a publication of " + MOST + " calls");
  }

  @ParameterizedTest
  @EnumSource(names = {"ERROR", "CUT"})
  @DisplayName(
      "feeds/S8: of a change shows the layer all the time, and is whole after the next try")
  void change(Fault fault) throws Exception {
    int failed = 0;
    for (int k = 1; k < MOST; k++) {
      Applied _ = lab.site().applyWhole(lab.parcels("Before", "0000aa"), SiteLab.soon());
      lab.stub().fail(k, fault);
      Optional<Kind> trouble = tried(lab.parcels("After", "00aa00"), SiteLab.soon());
      boolean over = lab.stub().heal();
      assertThat(lab.site().probe(SiteLab.SPOT, SiteLab.soon())).isEqualTo(new Probe.Good());
      if (over) {
        assertThat(trouble).isEmpty();
        assertThat(failed).isGreaterThan(5);
        return;
      }
      failed++;
      assertThat(tried(lab.parcels("After", "00aa00"), SiteLab.soon())).as("call %d", k).isEmpty();
      assertShown("After", "00aa00");
    }
    throw new AssertionError("a change of " + MOST + " calls");
  }

  @ParameterizedTest
  @EnumSource(names = {"ERROR", "CUT"})
  @DisplayName("feeds/S11: of a removal leaves nothing after the next try")
  void removal(Fault fault) throws Exception {
    for (int k = 1; k < MOST; k++) {
      Applied _ = lab.site().apply(lab.parcels("Gone soon", "0000aa"), SiteLab.soon());
      lab.stub().fail(k, fault);
      try {
        Applied _ = lab.site().remove(GONE, SiteLab.soon());
        assertThat(lab.stub().heal()).isTrue();
        return;
      } catch (SiteException e) {
        assertThat(lab.stub().heal()).as(e.getMessage()).isFalse();
      }
      Applied _ = lab.site().remove(GONE, SiteLab.soon());
      Listing listing = lab.site().listing(SiteLab.soon());
      assertThat(listing.layers()).isEmpty();
      assertThat(listing.styles()).isEmpty();
      assertThat(listing.stores()).isEmpty();
    }
    throw new AssertionError("a removal of " + MOST + " calls");
  }

  @Test
  @DisplayName(
      "feeds/S8: because GeoServer hangs, ends at its deadline and is whole after the next try")
  void hangs() throws Exception {
    for (int k = 1; k < 16; k += 3) {
      Applied _ = lab.site().remove(GONE, SiteLab.soon());
      lab.stub().fail(k, Fault.HANG);
      Deadline deadline = Deadline.in(SHORT);
      assertThat(tried(lab.parcels("First", "aa0000"), deadline)).contains(Kind.UNREACHABLE);
      assertThat(deadline.nanos() - System.nanoTime())
          .isGreaterThan(-Duration.ofSeconds(2).toNanos());
      boolean _ = lab.stub().heal();
      assertThat(tried(lab.parcels("First", "aa0000"), SiteLab.soon())).isEmpty();
      assertShown("First", "aa0000");
    }
  }

  @Test
  @DisplayName("says which: no answer in time is unreachable, an error is a failure")
  void kinds() throws Exception {
    Applied _ = lab.site().apply(lab.parcels("Before", "0000aa"), SiteLab.soon());
    lab.stub().fail(1, Fault.HANG);
    assertThat(tried(lab.parcels("After", "0000aa"), Deadline.in(SHORT)))
        .contains(Kind.UNREACHABLE);
    lab.stub().fail(1, Fault.CUT);
    assertThat(tried(lab.parcels("After", "0000aa"), SiteLab.soon())).contains(Kind.UNREACHABLE);
    lab.stub().fail(1, Fault.ERROR);
    assertThat(tried(lab.parcels("After", "0000aa"), SiteLab.soon())).contains(Kind.FAILED);
  }

  @Test
  @DisplayName("of a group leaves the old members or the new ones")
  void group() throws Exception {
    Applied _ = lab.site().apply(lab.parcels("Parcels", "0000aa"), SiteLab.soon());
    Body.Member parcels = new Body.Member(Sort.LAYER, "sites", "parcels");
    for (int k = 1; k < MOST; k++) {
      lab.stub().fail(k, Fault.CUT);
      Wanted wanted = SiteLab.group("base", List.of(parcels));
      Optional<Kind> trouble = tried(wanted, SiteLab.soon());
      boolean over = lab.stub().heal();
      assertThat(tried(wanted, SiteLab.soon())).as("call %d", k).isEmpty();
      Applied _ = lab.site().remove(new Gone.Group(wanted.subject()), SiteLab.soon());
      if (over) {
        assertThat(trouble).isEmpty();
        return;
      }
    }
    throw new AssertionError("a group of " + MOST + " calls");
  }
}
