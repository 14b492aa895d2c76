package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.geoserver.SiteException.Kind;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.lab.geoserver.GeoServerStub;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A lab with a clean GeoServer before each test. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SiteTrial {
  static final Body.Member PARCELS = new Body.Member(Sort.LAYER, "sites", "parcels");

  Path folder;
  SiteLab lab;
  Site site;

  @BeforeAll
  void begin(@TempDir Path temporary) throws Exception {
    folder = temporary;
    lab = SiteLab.open(folder);
    site = lab.site();
  }

  @AfterAll
  void end() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  @BeforeEach
  void clean() throws Exception {
    Listing listing = site.listing(SiteLab.soon());
    for (String group : ours(listing.groups())) {
      remove(new Gone.Group(subject(Sort.GROUP, group)));
    }
    for (String layer : ours(listing.layers())) {
      remove(new Gone.Layer(subject(Sort.WMS_LAYER, layer), ""));
      remove(new Gone.Layer(subject(Sort.LAYER, layer), ""));
    }
    for (String store : ours(site.listing(SiteLab.soon()).stores())) {
      remove(new Gone.Store(subject(Sort.WMS_STORE, store)));
      remove(new Gone.Store(subject(Sort.LIVE_STORE, store)));
    }
  }

  /** Of a real GeoServer, nothing but the workspaces of these tests is touched. */
  static List<String> ours(Set<String> names) {
    return names.stream().filter(name -> name.matches("(sites|ops|remote):.*")).toList();
  }

  private static Subject subject(Sort sort, String qualified) {
    int colon = qualified.indexOf(':');
    return new Subject(sort, qualified.substring(0, colon), qualified.substring(colon + 1));
  }

  Applied apply(Wanted wanted) throws SiteException {
    return site.apply(wanted, SiteLab.soon());
  }

  Applied remove(Gone gone) throws SiteException {
    return site.remove(gone, SiteLab.soon());
  }

  Kind refused(Wanted wanted) {
    try {
      Applied _ = apply(wanted);
    } catch (SiteException e) {
      return e.kind();
    }
    throw new AssertionError("was not refused");
  }

  /** A call as anybody may make it, past the site. */
  Calls calls() {
    return new Calls(
        Rest.to(SiteLab.server(lab.stub().url(), GeoServerStub.USER, GeoServerStub.PASSWORD)),
        SiteLab.soon());
  }
}
