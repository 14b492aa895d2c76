package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.geoserver.SiteException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a layer as it is wanted, and writes only what differs. The mark is written last, so that
 * whoever finds it finds the rest done. A layer that is there is never deleted to be made again,
 * unless it is of another store: GeoServer cannot move it.
 */
final class Layers {
  private final Calls calls;
  private final Stores stores;
  private final boolean whole;

  /**
   * For one operation.
   *
   * @param whole whether also what bears the right mark is looked at in all its parts
   */
  Layers(Calls calls, Stores stores, boolean whole) {
    this.calls = calls;
    this.stores = stores;
    this.whole = whole;
  }

  Applied apply(Shape shape) throws SiteException {
    List<StyleFile> files = StyleBook.read(shape.subject(), shape.styles());
    String wanted = wanted(shape, files);
    Optional<JsonNode> found = resource(shape, shape.cascaded());
    Optional<Mark> mark = found.flatMap(Mark::of);
    boolean asLeft =
        found.isPresent()
            && mark.isPresent()
            && mark.get().wanted().equals(wanted)
            && here(shape, found.get())
            && same(shape, found.get());
    if (asLeft && !whole) {
      return new Applied(0, print(shape, found.get()));
    }
    StyleBook book = new StyleBook(calls, shape.subject());
    Set<String> there = book.there();
    if (found.isEmpty() || !here(shape, found.get())) {
      found = Optional.empty();
      stores.parents(shape);
    }
    SortedMap<String, Mark.Style> styles =
        book.upload(files, there, mark.map(Mark::styles).orElse(new TreeMap<>()), whole);
    JsonNode layer = shown(shape, found.isPresent());
    Set<String> names = new TreeSet<>();
    files.forEach(file -> names.add(file.name()));
    new ShownLayer(calls, shape, book).offer(layer, names);
    new Tiles(calls).ensure(shape.qualified(), shape.face().cache());
    book.prune(there, names);
    return finish(shape, wanted, styles);
  }

  private static String wanted(Shape shape, List<StyleFile> files) {
    StringBuilder all = new StringBuilder(shape.store()).append('\n').append(shape.document());
    files.forEach(file -> all.append('\n').append(file.name()).append(' ').append(file.digest()));
    all.append('\n').append(shape.face().defaultStyle()).append('\n').append(shape.face().cache());
    return Digest.of(all.toString());
  }

  private Optional<JsonNode> resource(Shape shape, boolean cascaded) throws SiteException {
    return calls
        .get(Shape.anywhere(shape.subject(), cascaded))
        .map(answer -> answer.path(cascaded ? "wmsLayer" : "featureType"));
  }

  /** Whether it is of the store that it should be of. */
  private static boolean here(Shape shape, JsonNode resource) {
    String store = Tree.text(resource.path("store"), "name");
    return store.substring(store.indexOf(':') + 1).equals(shape.store());
  }

  /** Whether its fields are as wanted, or as they were left when they were told the same. */
  private static boolean same(Shape shape, JsonNode found) {
    ObjectNode asked = shape.document();
    return Owned.like(asked, found).equals(Owned.like(asked, asked))
        || Mark.of(found)
            .filter(mark -> mark.asked().equals(Owned.digest(asked, asked)))
            .filter(mark -> mark.found().equals(Owned.digest(asked, found)))
            .isPresent();
  }

  private static String print(Shape shape, JsonNode found) {
    return Digest.of(
        Owned.like(shape.document(), found) + Mark.of(found).map(Mark::wanted).orElse(""));
  }

  /** The layer; made if it is not there. */
  private JsonNode shown(Shape shape, boolean made) throws SiteException {
    Optional<JsonNode> layer = layer(shape);
    if (made && layer.isPresent()) {
      return layer.get();
    }
    // What is in the way: a layer of another store, or data that somebody left without its layer.
    Removal removal = new Removal(calls);
    removal.resource(shape.subject(), false);
    removal.resource(shape.subject(), true);
    calls.post(shape.collection(), Tree.content(shape.outer(), shape.document()));
    return layer(shape)
        .orElseThrow(() ->
            new SiteException(
                Kind.FAILED,
                calls.place(ShownLayer.path(shape.qualified()))
                    + ": not there although it was made: look at GeoServer's log"));
  }

  private Optional<JsonNode> layer(Shape shape) throws SiteException {
    return calls.get(ShownLayer.path(shape.qualified())).map(answer -> answer.path("layer"));
  }

  private Applied finish(Shape shape, String wanted, SortedMap<String, Mark.Style> styles)
      throws SiteException {
    JsonNode found = again(shape);
    String asked = Owned.digest(shape.document(), shape.document());
    if (!same(shape, found)) {
      write(shape, found, new Mark(wanted, asked, asked, styles), shape.document().deepCopy());
      found = again(shape);
    }
    Mark due = new Mark(wanted, asked, Owned.digest(shape.document(), found), styles);
    if (!Mark.of(found).equals(Optional.of(due))) {
      write(shape, found, due, Tree.node().put("name", shape.subject().name()));
      found = again(shape);
    }
    return new Applied(calls.writes(), print(shape, found));
  }

  private JsonNode again(Shape shape) throws SiteException {
    return resource(shape, shape.cascaded())
        .orElseThrow(() ->
            new SiteException(
                Kind.FAILED,
                calls.place(Shape.anywhere(shape.subject(), shape.cascaded()))
                    + ": gone while it was changed: look who else changes it"));
  }

  private void write(Shape shape, JsonNode found, Mark mark, ObjectNode update)
      throws SiteException {
    List<ObjectNode> entries = new ArrayList<>(List.of(Tree.entry(Mark.KEY, mark.text())));
    Optional<JsonNode> virtual = Tree.entry(shape.document().path("metadata"), Owned.VIRTUAL);
    virtual.ifPresent(one -> entries.add((ObjectNode) one));
    ObjectNode metadata = Tree.entries(found.path("metadata"), entries);
    if (virtual.isEmpty()) {
      Tree.drop(metadata, Owned.VIRTUAL);
    }
    update.set("metadata", metadata);
    boolean box = update.has("nativeBoundingBox") && !update.has("latLonBoundingBox");
    calls.put(
        shape.collection()
            + "/"
            + Rest.encoded(shape.subject().name() + ".json")
            + (box ? (shape.cascaded() ? "?calculate" : "?recalculate") + "=latlonbbox" : ""),
        Tree.content(shape.outer(), update));
  }
}
