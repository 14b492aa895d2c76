package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Face.Box;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Where layers lie, in degrees. */
final class Extent {
  private final Calls calls;

  Extent(Calls calls) {
    this.calls = calls;
  }

  /** Of a layer; empty if GeoServer does not know it. */
  Optional<Box> of(Subject layer, boolean cascaded) throws SiteException {
    return calls
        .get(Shape.anywhere(layer, cascaded))
        .map(answer -> answer.path(cascaded ? "wmsLayer" : "featureType"))
        .map(resource -> resource.path("latLonBoundingBox"))
        .flatMap(Extent::read);
  }

  private static Optional<Box> read(JsonNode box) {
    return Optional.of(box)
        .filter(one -> one.has("minx"))
        .map(one ->
            new Box(
                one.path("minx").asDouble(0),
                one.path("miny").asDouble(0),
                one.path("maxx").asDouble(0),
                one.path("maxy").asDouble(0)));
  }

  /** Around them all; empty if that of one is not known. */
  Optional<Box> of(List<Body.Member> members) throws SiteException {
    Optional<Box> all = Optional.empty();
    for (Body.Member member : members) {
      Optional<Box> one =
          member.sort() == Sort.GROUP
              ? group(member.subject())
              : of(member.subject(), member.sort() == Sort.WMS_LAYER);
      if (one.isEmpty()) {
        return Optional.empty();
      }
      all = Optional.of(all.isEmpty() ? one.get() : around(all.get(), one.get()));
    }
    return all;
  }

  private Optional<Box> group(Subject group) throws SiteException {
    return calls
        .get(Groups.path(group))
        .map(answer -> answer.path("layerGroup").path("bounds"))
        .filter(bounds -> Tree.text(bounds, "crs").equals("EPSG:4326"))
        .flatMap(Extent::read);
  }

  private static Box around(Box one, Box other) {
    return new Box(
        Math.min(one.minX(), other.minX()),
        Math.min(one.minY(), other.minY()),
        Math.max(one.maxX(), other.maxX()),
        Math.max(one.maxY(), other.maxY()));
  }
}
