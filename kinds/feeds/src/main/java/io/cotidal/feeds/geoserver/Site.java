package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.geoserver.SiteException.Kind;
import io.cotidal.feeds.job.Face.Box;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * One GeoServer, told over REST. What is wanted is compared with what is there in the fields that
 * we own; only what differs is written, and a layer that readers use is never away meanwhile.
 * Thread-safe; but who asks for two things about one subject at once gets either.
 */
public final class Site {
  private final FeedsSpec.GeoServer server;
  private final Optional<FeedsSpec.Database> database;
  private final Rest rest;

  /** What was left half done by this process: it is looked at in all its parts next time. */
  private final Set<Subject> doubtful = ConcurrentHashMap.newKeySet();

  /** How much of what a GeoServer remembers of its data is forgotten. */
  public enum Level {
    /** What one layer's table looks like. */
    LAYER,
    /** All tables of its store, with the store's connections. */
    STORE,
    /** Everything, of all stores. */
    ALL
  }

  /**
   * How a layer was brought to answer.
   *
   * @param probe the last one
   * @param reset the widest reset that was needed; empty if none was
   */
  public record Settled(Probe probe, Optional<Level> reset) {}

  /**
   * What a reading gave.
   *
   * @param digest of the fields that we own
   * @param change what would have to be written first to make it as wanted, for example {@code PUT
   *     /rest/...}; empty if nothing would
   */
  public record Print(String digest, Optional<String> change) {}

  /**
   * The GeoServer of {@code server}.
   *
   * @param database what its datastores show; empty if the replica has no tables
   * @throws IllegalArgumentException if its URL is none
   */
  public Site(FeedsSpec.GeoServer server, Optional<FeedsSpec.Database> database) {
    this.server = server;
    this.database = database;
    Rest way = Rest.to(server);
    Optional<Secret> password = database.flatMap(FeedsSpec.Database::password);
    this.rest = password.isPresent() ? way.hiding(password.get()) : way;
  }

  /** What is there, by name: five calls, and four for each workspace. */
  public Listing listing(Deadline deadline) throws SiteException {
    Calls calls = new Calls(rest, deadline);
    SortedSet<String> workspaces = names(calls, "workspaces", "workspace");
    SortedSet<String> stores = new TreeSet<>();
    SortedSet<String> groups = new TreeSet<>();
    SortedSet<String> styles = new TreeSet<>();
    for (String one : workspaces) {
      within(calls, one, "datastores", "dataStore", stores);
      within(calls, one, "wmsstores", "wmsStore", stores);
      within(calls, one, "layergroups", "layerGroup", groups);
      within(calls, one, "styles", "style", styles);
    }
    return new Listing(
        version(calls), workspaces, names(calls, "layers", "layer"), stores, groups, styles);
  }

  private static String version(Calls calls) throws SiteException {
    return calls.get(Rest.path("about", "version.json")).stream()
        .flatMap(answer -> Tree.list(answer.path("about"), "resource").stream())
        .filter(one -> Tree.text(one, "@name").equals("GeoServer"))
        .map(one -> Tree.text(one, "Version"))
        .findFirst()
        .orElse("");
  }

  private static SortedSet<String> names(Calls calls, String plural, String singular)
      throws SiteException {
    String path = Rest.path(plural + ".json");
    JsonNode answer =
        calls
            .get(path)
            .orElseThrow(() ->
                new SiteException(
                    Kind.REJECTED,
                    calls.place(path) + ": not there: is the URL that of GeoServer's home?"));
    Tree.require(answer, plural, calls.place(path));
    return new TreeSet<>(Tree.names(answer, plural, singular));
  }

  private static void within(
      Calls calls, String workspace, String collection, String singular, SortedSet<String> into)
      throws SiteException {
    String path = Rest.path("workspaces", workspace, collection + ".json");
    Optional<JsonNode> answer = calls.get(path);
    String plural = singular + "s";
    if (answer.isPresent()) {
      Tree.require(answer.get(), plural, calls.place(path));
      Tree.names(answer.get(), plural, singular).forEach(name -> into.add(workspace + ":" + name));
    }
  }

  /**
   * Makes it so. A layer whose resource is as this method left it, and that is wanted as it was
   * then, costs one GET; the listing shows whether its layer, styles and groups are there.
   */
  public Applied apply(Wanted wanted, Deadline deadline) throws SiteException {
    return apply(wanted, doubtful.contains(wanted.subject()), deadline);
  }

  /** The same, and looks at all parts: styles' texts, tiles, the layer's default style. */
  public Applied applyWhole(Wanted wanted, Deadline deadline) throws SiteException {
    return apply(wanted, true, deadline);
  }

  private Applied apply(Wanted wanted, boolean whole, Deadline deadline) throws SiteException {
    boolean _ = doubtful.add(wanted.subject());
    Applied applied = apply(wanted, whole, new Calls(hiding(wanted), deadline));
    boolean _ = doubtful.remove(wanted.subject());
    return applied;
  }

  private Applied apply(Wanted wanted, boolean whole, Calls calls) throws SiteException {
    Stores stores = new Stores(calls, server, database);
    return switch (wanted) {
      case Wanted.Workspace workspace -> stores.apply(workspace);
      case Wanted.Layer layer ->
          new Layers(calls, stores.showing(layer.table().schema()), whole).apply(Shape.of(layer));
      case Wanted.LiveStore store -> stores.apply(store);
      case Wanted.LiveLayer layer -> new Layers(calls, stores, whole).apply(Shape.of(layer));
      case Wanted.WmsStore store -> stores.apply(store);
      case Wanted.WmsLayer layer -> new Layers(calls, stores, whole).apply(Shape.of(layer));
      case Wanted.Group group -> new Groups(calls).apply(group, stores);
      case Wanted.Rules rules -> new AccessRules(calls).apply(rules);
    };
  }

  /**
   * Digest of the fields that we own, as they are now. Writes nothing, and looks at all parts:
   * about six calls for a layer, and one for each of its styles.
   *
   * @param wanted without a password that is to be told again
   * @return what {@link #apply} gave, unless somebody changed something since; then the next {@code
   *     apply} looks at all parts, too, and so finds what is to be mended
   */
  public Print print(Wanted wanted, Deadline deadline) throws SiteException {
    Calls calls = Calls.rehearsal(hiding(wanted), deadline);
    try {
      return new Print(apply(wanted, true, calls).print(), Optional.empty());
    } catch (SiteException e) {
      if (calls.held().isEmpty()) {
        throw e;
      }
      boolean _ = doubtful.add(wanted.subject());
      return new Print(Digest.of("held back: " + calls.held().get()), calls.held());
    }
  }

  private Rest hiding(Wanted wanted) {
    return switch (wanted) {
      case Wanted.LiveStore store -> rest.hiding(store.body().password());
      case Wanted.WmsStore store -> rest.hiding(store.body().password());
      case Wanted.Workspace _,
          Wanted.Layer _,
          Wanted.LiveLayer _,
          Wanted.WmsLayer _,
          Wanted.Group _,
          Wanted.Rules _ ->
          rest;
    };
  }

  /** Takes it away; what is gone already is no trouble. */
  public Applied remove(Gone gone, Deadline deadline) throws SiteException {
    Calls calls = new Calls(rest, deadline);
    Applied removed = new Removal(calls).remove(gone);
    if (removed.writes() == 0) {
      calls.prove();
    }
    return removed;
  }

  /**
   * Makes GeoServer forget what it remembers of its data; needed after a table's columns change.
   */
  public void reset(Level level, Spot spot, Deadline deadline) throws SiteException {
    String store =
        Rest.path(
            "workspaces",
            spot.workspace(),
            spot.cascaded() ? "wmsstores" : "datastores",
            spot.store());
    String path =
        switch (level) {
          case LAYER ->
              store
                  + (spot.cascaded() ? "/wmslayers/" : "/featuretypes/")
                  + Rest.encoded(spot.name())
                  + "/reset";
          case STORE -> store + "/reset";
          case ALL -> Rest.path("reset");
        };
    new Calls(rest, deadline).post(path);
  }

  /** Empties the tiles of a layer or a group, and waits until they are gone. */
  public Applied truncate(Spot spot, Deadline deadline) throws SiteException {
    Calls calls = new Calls(rest, deadline);
    new Tiles(calls).empty(spot.qualified());
    if (calls.writes() == 0) {
      calls.prove();
    }
    return new Applied(calls.writes(), "");
  }

  /** Asks for one feature, and for a small map, as readers would. */
  public Probe probe(Spot spot, Deadline deadline) {
    return new Services(rest, new Calls(rest, deadline)).probe(spot);
  }

  /** Probes, and resets more and more until the probe is good, or nothing is left to reset. */
  public Settled settle(Spot spot, Deadline deadline) throws SiteException {
    Probe probe = probe(spot, deadline);
    Optional<Level> used = Optional.empty();
    for (Level level : Level.values()) {
      boolean possible = level == Level.ALL || !spot.store().isEmpty();
      if (probe instanceof Probe.Bad && possible) {
        reset(level, spot, deadline);
        used = Optional.of(level);
        probe = probe(spot, deadline);
      }
    }
    return new Settled(probe, used);
  }

  /**
   * A picture in PNG of what lies in {@code box}.
   *
   * @param box in degrees; empty for all that the layer has
   * @param width the most that it may be wide, in pixels
   * @param height the most that it may be high, in pixels
   */
  public byte[] preview(Spot spot, Optional<Box> box, int width, int height, Deadline deadline)
      throws SiteException {
    Services services = new Services(rest, new Calls(rest, deadline));
    Box shown = box.isPresent() ? box.get() : services.extent(spot);
    return services.picture(spot, shown, width, height);
  }

  /** What is odd about the data folder that was named; empty if nothing is, or none was named. */
  public static Optional<String> dataWarning(FeedsSpec.GeoServer server) {
    Predicate<Path> odd = folder -> !Files.isRegularFile(folder.resolve("global.xml"));
    return server
        .data()
        .filter(odd)
        .map(folder ->
            folder
                + (Files.isDirectory(folder)
                    ? ": no global.xml in it: correct the data folder of " + server.name().name()
                    : ": no folder that can be read: correct the data folder of "
                        + server.name().name())
                + "; nothing depends on it, all is told over REST");
  }
}
