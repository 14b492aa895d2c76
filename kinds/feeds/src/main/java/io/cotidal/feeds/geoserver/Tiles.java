package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.geoserver.SiteException.Kind;
import io.cotidal.feeds.job.Face.Cache;
import io.cotidal.remote.http.Order.Content;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import tools.jackson.databind.JsonNode;

/** Tiles of layers and groups in GeoWebCache. */
final class Tiles {
  private static final List<String> OURS = List.of("gda94", "mercator");
  private static final List<String> USUAL = List.of("EPSG:4326", "EPSG:900913");
  private static final List<String> FORMATS = List.of("image/png", "image/jpeg");
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Calls calls;

  Tiles(Calls calls) {
    this.calls = calls;
  }

  private static String path(String qualified) {
    return "/gwc/rest/layers/" + Rest.encoded(qualified) + ".xml";
  }

  /** Tiles as {@code cache} says; without it there are none. */
  void ensure(String qualified, Optional<Cache> cache) throws SiteException {
    Optional<String> found = calls.text(path(qualified));
    if (cache.isEmpty()) {
      if (found.isPresent()) {
        boolean _ = calls.delete(path(qualified));
      }
      return;
    }
    Element layer = parse(qualified, found.orElse(fresh(qualified)));
    boolean same = settle(layer, cache.get());
    if (found.isEmpty() || !same) {
      calls.put(path(qualified), Content.xml(Xml.write(layer.getOwnerDocument())));
    }
  }

  /** Without its layer a tile has no meaning. */
  void remove(String qualified) throws SiteException {
    boolean _ = calls.delete(path(qualified));
  }

  private static String fresh(String qualified) {
    return "<GeoServerLayer><enabled>true</enabled><name>"
        + Xml.escaped(qualified)
        + "</name><mimeFormats/><gridSubsets/></GeoServerLayer>";
  }

  private Element parse(String qualified, String text) throws SiteException {
    try {
      return Xml.read(text.getBytes(StandardCharsets.UTF_8));
    } catch (SAXException e) {
      throw new SiteException(
          Kind.FAILED,
          calls.place(path(qualified)) + ": the answer is no XML: look whether it is GeoServer",
          e);
    }
  }

  /** Changes what we own; whether nothing had to be changed. */
  private boolean settle(Element layer, Cache cache) throws SiteException {
    boolean same = set(layer, "enabled", "true");
    same &= set(layer, "expireCache", Integer.toString(cache.serverExpire()));
    same &= set(layer, "expireClients", Integer.toString(cache.clientExpire()));
    same &= meta(layer, cache);
    Element formats = Xml.ensure(layer, "mimeFormats");
    Set<String> written = new LinkedHashSet<>();
    Xml.children(formats).forEach(one -> written.add(one.getTextContent().strip()));
    for (String format : FORMATS) {
      if (!written.contains(format)) {
        Xml.append(formats, "string").setTextContent(format);
        same = false;
      }
    }
    return grids(layer) && same;
  }

  private static boolean set(Element layer, String name, String value) {
    Element field = Xml.ensure(layer, name);
    boolean same = field.getTextContent().strip().equals(value);
    field.setTextContent(value);
    return same;
  }

  private static boolean meta(Element layer, Cache cache) {
    if (cache.metaWidth() <= 0 || cache.metaHeight() <= 0) {
      return true;
    }
    Element field = Xml.ensure(layer, "metaWidthHeight");
    List<String> wanted =
        List.of(Integer.toString(cache.metaWidth()), Integer.toString(cache.metaHeight()));
    List<String> found =
        Xml.children(field).stream().map(one -> one.getTextContent().strip()).toList();
    if (found.equals(wanted)) {
      return true;
    }
    Xml.children(field).forEach(field::removeChild);
    wanted.forEach(one -> Xml.append(field, "int").setTextContent(one));
    return false;
  }

  private boolean grids(Element layer) throws SiteException {
    Element subsets = Xml.ensure(layer, "gridSubsets");
    Set<String> found = new LinkedHashSet<>();
    for (Element subset : Xml.children(subsets)) {
      found.add(Xml.ensure(subset, "gridSetName").getTextContent().strip());
    }
    if (found.containsAll(OURS)) {
      return true;
    }
    List<String> wanted = known().containsAll(OURS) ? OURS : USUAL;
    for (String one : wanted) {
      if (!found.contains(one)) {
        Xml.append(Xml.append(subsets, "gridSubset"), "gridSetName").setTextContent(one);
      }
    }
    return found.containsAll(wanted);
  }

  private Set<String> known() throws SiteException {
    Set<String> names = new LinkedHashSet<>();
    Optional<String> answer = calls.text("/gwc/rest/gridsets.xml");
    if (answer.isPresent()) {
      NodeList all = parse("gridsets", answer.get()).getElementsByTagName("name");
      for (int i = 0; i < all.getLength(); i++) {
        names.add(all.item(i).getTextContent().strip());
      }
    }
    return names;
  }

  /** Empties them, and waits until that is done. */
  void empty(String qualified) throws SiteException {
    if (calls.text(path(qualified)).isEmpty()) {
      return;
    }
    calls.post(
        "/gwc/rest/masstruncate",
        Content.xml(
            "<truncateLayer><layerName>"
                + Xml.escaped(qualified)
                + "</layerName></truncateLayer>"));
    String tasks = "/gwc/rest/seed/" + Rest.encoded(qualified) + ".json";
    while (running(tasks) > 0) {
      if (calls.deadline().over()) {
        throw new SiteException(
            Kind.FAILED, calls.place(tasks) + ": its tiles are still being removed: wait");
      }
      pause(tasks);
    }
  }

  private int running(String path) throws SiteException {
    Optional<JsonNode> answer = calls.get(path);
    return answer.map(found -> Tree.list(found, "long-array-array").size()).orElse(0);
  }

  private void pause(String path) throws SiteException {
    try {
      calls.deadline().pause(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SiteException(
          Kind.UNREACHABLE, calls.place(path) + ": interrupted while waiting: ask again", e);
    }
  }
}
