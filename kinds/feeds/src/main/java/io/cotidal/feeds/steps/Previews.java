package io.cotidal.feeds.steps;

import io.cotidal.feeds.geoserver.Site;
import io.cotidal.feeds.geoserver.SiteException;
import io.cotidal.feeds.geoserver.Spot;
import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Face;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.transfer.TransferException;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Pictures of what is published, for the master: it says where it wants them. Whether one comes
 * decides about nothing else.
 */
final class Previews {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 278;

  /** A picture that takes longer is not worth it. */
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final String replica;
  private final Site site;
  private final Path scratch;
  private final Sender sender;

  /** How files come to the master. */
  @FunctionalInterface
  interface Sender {
    /** Sends a file. */
    void send(Path file, Blob to, Deadline deadline) throws TransferException, InterruptedException;
  }

  /**
   * What became of a picture.
   *
   * @param file relative to what the job names; empty if none was sent
   * @param trouble why none was sent; empty if it was, or none was wanted
   */
  record Sent(String file, String trouble) {
    static final Sent NONE = new Sent("", "");
  }

  /**
   * Pictures of what {@code site} shows.
   *
   * @param replica what this replica calls itself at the master
   * @param scratch a folder for a moment's files
   */
  Previews(String replica, Site site, Path scratch, Sender sender) {
    this.replica = replica;
    this.site = site;
    this.scratch = scratch;
    this.sender = sender;
  }

  /** Sends a picture of it, if its job wants one and it is shown. */
  Sent send(Thing thing, Deadline deadline) throws InterruptedException {
    Optional<Body> body = thing.publish().map(Thing.Wish.Publish::body);
    Optional<Blob> folder = body.flatMap(Previews::folder);
    Optional<Spot> spot = body.flatMap(each -> AtGeoServer.spot(thing.subject(), each));
    if (body.isEmpty() || folder.isEmpty() || spot.isEmpty() || !spot.get().drawn()) {
      return Sent.NONE;
    }
    Deadline end = deadline.atMost(LONGEST);
    try {
      byte[] picture = site.preview(spot.get(), box(body.get()), WIDTH, HEIGHT, end);
      String file = file(thing);
      String above = folder.get().path().replaceFirst("/+$", "");
      deliver(picture, new Blob(folder.get().host(), above + "/" + file, ""), end);
      return new Sent(file, "");
    } catch (SiteException | TransferException | IOException e) {
      return new Sent("", ActFailed.line(e));
    }
  }

  private void deliver(byte[] picture, Blob to, Deadline deadline)
      throws IOException, TransferException, InterruptedException {
    Files.createDirectories(scratch);
    Path copy = Files.createTempFile(scratch, "preview", ".png");
    try {
      Files.write(copy, picture);
      sender.send(copy, to, deadline);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private String file(Thing thing) {
    Subject subject = thing.subject();
    return String.join("/", replica, thing.channel(), subject.workspace(), subject.name() + ".png");
  }

  private static Optional<Blob> folder(Body body) {
    return switch (body) {
      case Body.Layer layer -> layer.shown() ? layer.preview() : Optional.empty();
      case Body.LiveLayer layer -> layer.preview();
      case Body.WmsLayer layer -> layer.preview();
      case Body.WmsStore _,
          Body.LiveStore _,
          Body.Group _,
          Body.Workspace _,
          Body.Rules _,
          Body.Roles _ ->
          Optional.empty();
    };
  }

  private static Optional<Face.Box> box(Body body) {
    return switch (body) {
      case Body.Layer layer -> layer.face().box();
      case Body.LiveLayer layer -> layer.face().box();
      case Body.WmsLayer layer -> layer.face().box();
      case Body.WmsStore _,
          Body.LiveStore _,
          Body.Group _,
          Body.Workspace _,
          Body.Rules _,
          Body.Roles _ ->
          Optional.empty();
    };
  }
}
