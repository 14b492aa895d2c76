package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.geoserver.SiteException.Kind;
import io.cotidal.feeds.job.Face.Box;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.remote.http.HttpTrouble;
import io.cotidal.remote.http.Order.Method;
import io.cotidal.remote.http.Reply;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Asks as readers ask: WFS and WMS. */
final class Services {
  private static final int TILE = 64;
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private final Rest rest;
  private final Calls calls;

  Services(Rest rest, Calls calls) {
    this.rest = rest;
    this.calls = calls;
  }

  Probe probe(Spot spot) {
    Probe features = spot.features() ? features(spot) : new Probe.Good();
    return features instanceof Probe.Good && spot.drawn() ? drawn(spot) : features;
  }

  private Probe features(Spot spot) {
    try {
      Reply reply =
          ask(
              "/wfs?service=WFS&version=2.0.0&request=GetFeature&count=1"
                  + "&outputFormat=application/json&typeNames="
                  + Rest.encoded(spot.qualified()));
      boolean good =
          reply.status() == 200
              && type(reply).contains("json")
              && reply.text().contains("\"FeatureCollection\"");
      return good ? new Probe.Good() : bad("WFS", reply);
    } catch (SiteException e) {
      return new Probe.Unknown(e.getMessage());
    } catch (HttpTrouble e) {
      return new Probe.Unknown(rest.place() + ": " + e.getMessage());
    }
  }

  private Probe drawn(Spot spot) {
    try {
      Optional<Box> box =
          spot.store().isEmpty()
              ? Optional.empty()
              : new Extent(calls).of(subject(spot), spot.cascaded());
      Box middle = middle(box.orElse(new Box(-180, -90, 180, 90)));
      Reply reply = ask(map(spot, middle, TILE, TILE));
      return picture(reply) ? new Probe.Good() : bad("WMS", reply);
    } catch (SiteException e) {
      return new Probe.Unknown(e.getMessage());
    }
  }

  private static Subject subject(Spot spot) {
    return new Subject(
        spot.cascaded() ? Sort.WMS_LAYER : Sort.LAYER, spot.workspace(), spot.name());
  }

  /** Where a layer lies. */
  Box extent(Spot spot) throws SiteException {
    return new Extent(calls)
        .of(subject(spot), spot.cascaded())
        .orElseThrow(() ->
            new SiteException(
                Kind.FAILED,
                spot.qualified() + ": GeoServer does not say where it lies: name a box"));
  }

  /** A hundredth of it: a probe reads little of a large table, and yet goes all the way. */
  private static Box middle(Box box) {
    double x = (box.minX() + box.maxX()) / 2;
    double y = (box.minY() + box.maxY()) / 2;
    double half = Math.max(1e-4, Math.max(box.maxX() - box.minX(), box.maxY() - box.minY()) / 200);
    return new Box(x - half, y - half, x + half, y + half);
  }

  /** A picture no larger than {@code width} by {@code height} pixels, in the shape of the box. */
  byte[] picture(Spot spot, Box box, int width, int height) throws SiteException {
    double wide = box.maxX() - box.minX();
    double high = box.maxY() - box.minY();
    if (!(wide > 0 && high > 0)) {
      throw new SiteException(
          Kind.REJECTED, spot.qualified() + ": an empty box cannot be drawn: correct it");
    }
    double scale = Math.min(width / wide, height / high);
    String target =
        map(
            spot,
            box,
            (int) Math.max(1, Math.round(wide * scale)),
            (int) Math.max(1, Math.round(high * scale)));
    Reply reply = ask(target);
    if (picture(reply)) {
      return reply.bytes();
    }
    throw new SiteException(
        Kind.FAILED,
        calls.place(target) + ": no picture but " + said(reply) + ": look at the layer");
  }

  private static String map(Spot spot, Box box, int width, int height) {
    return String.format(
        Locale.ROOT,
        "/wms?service=WMS&version=1.1.0&request=GetMap&styles=&srs=EPSG:4326&format=image/png"
            + "&layers=%s&bbox=%s,%s,%s,%s&width=%d&height=%d",
        Rest.encoded(spot.qualified()),
        box.minX(),
        box.minY(),
        box.maxX(),
        box.maxY(),
        width,
        height);
  }

  private Reply ask(String target) throws SiteException {
    return calls.send(Method.GET, target, Optional.empty());
  }

  private static String type(Reply reply) {
    return reply.header("content-type").orElse("");
  }

  private static boolean picture(Reply reply) {
    byte[] bytes = reply.bytes();
    return reply.status() == 200
        && type(reply).startsWith("image/png")
        && bytes.length > PNG.length
        && Arrays.equals(bytes, 0, PNG.length, PNG, 0, PNG.length);
  }

  private Probe bad(String service, Reply reply) {
    String reason = service + " gives " + said(reply);
    return switch (reply.status()) {
      // Whoever is not let in, or stands before a server that is going up, knows nothing.
      case 401, 403, 502, 503, 504 -> new Probe.Unknown(reason);
      default -> new Probe.Bad(reason);
    };
  }

  private String said(Reply reply) {
    String text = type(reply).startsWith("image/") ? "" : rest.line(reply);
    return reply.status() + " " + type(reply) + (text.isEmpty() ? "" : " " + text);
  }
}
