package io.cotidal.gateway.reading;

import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Encoded;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.swift.ObjectHead;
import io.cotidal.objects.swift.Reading;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Header;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Finds out what links and manifests at another site lead to. They are read as ourselves, and never
 * followed by that site: each container that they name is first asked for at the client's own site,
 * as the client, and what is there is read as it is kept. So nothing that is put in between in the
 * meantime leads anywhere else. Thread-safe.
 */
final class Following {
  /** As many as Swift follows. */
  private static final int LINKS = 2;

  /** As deep as Swift goes into large objects that are made of others. */
  private static final int DEPTH = 10;

  private static final int CONTAINERS = 8;
  private static final int MANIFESTS = 100;
  private static final int PIECES = 10_000;
  private static final int MANIFEST = 8 << 20;

  /** So long it may take to find out. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What a client asks of the bytes, and how its message is framed: not who it is. */
  private static final Set<String> NOT_WHO =
      Set.of(
          "accept-encoding",
          "connection",
          "content-length",
          "content-type",
          "expect",
          "if-match",
          "if-modified-since",
          "if-none-match",
          "if-range",
          "if-unmodified-since",
          "keep-alive",
          "range",
          "te",
          "transfer-encoding",
          "upgrade",
          "x-newest");

  /** What belongs to one message, or is said anew of the whole. */
  private static final Set<String> NOT_WHAT =
      Set.of(
          "connection",
          "content-length",
          "content-range",
          "etag",
          "keep-alive",
          "transfer-encoding");

  private final Stock stock;
  private final MemberId here;
  private final Set<String> accounts;

  /**
   * For clients of a site.
   *
   * @param accounts that are the same at all sites
   */
  Following(Stock stock, MemberId here, Set<String> accounts) {
    this.stock = stock;
    this.here = here;
    this.accounts = Set.copyOf(accounts);
  }

  /**
   * Follows an object that the client may see.
   *
   * @param site where it is
   * @throws Unsure if not all of it is for this client, or nobody can tell
   */
  Followed follow(MemberId site, Spot spot, Head client) throws SwiftTrouble, Unsure {
    return new Trail(site, client).follow(spot);
  }

  /** On behalf of one request. */
  private final class Trail {
    private final MemberId site;
    private final List<Field> who;
    private final Deadline deadline = Deadline.in(PATIENCE);
    private final Set<ContainerName> seen = new HashSet<>();
    private int manifests;

    Trail(MemberId site, Head client) {
      this.site = site;
      this.who =
          client.fields().stream().filter(each -> !NOT_WHO.contains(Bearer.name(each))).toList();
    }

    Followed follow(Spot first) throws SwiftTrouble, Unsure {
      seen.add(first.container());
      Spot spot = first;
      ObjectHead head = head(spot.raw());
      int links = 0;
      while (head.link().isPresent()) {
        Link link = Link.of(spot, head);
        links += link.inner() ? 0 : 1;
        if (links > LINKS) {
          throw new Unsure("it links to links");
        }
        spot = link.to();
        may(spot);
        head = head(spot.raw());
        if (link.etag().isPresent() && !link.etag().get().equals(Link.found(head))) {
          throw new Unsure("what it links to is not what it was");
        }
      }
      boolean large = head.manifest() || head.segments().isPresent();
      if (large && !spot.beside(first)) {
        throw new Unsure("it links to a large object in another account");
      }
      if (head.manifest()) {
        return made(spot);
      }
      return large ? listed(spot, head) : new Followed.Plain(spot);
    }

    private ObjectHead head(Reading reading) throws SwiftTrouble, Unsure {
      return stock
          .head(site, reading, deadline)
          .orElseThrow(() -> new Unsure("what it leads to is not there"));
    }

    /** Whether the client may see objects there: its own site says so, or nobody does. */
    private void may(Spot spot) throws SwiftTrouble, Unsure {
      ContainerName container = spot.container();
      if (!accounts.contains(container.account())) {
        throw new Unsure("it leads into an account that is not the same everywhere");
      }
      if (seen.contains(container)) {
        return;
      }
      if (seen.size() >= CONTAINERS) {
        throw new Unsure("it leads into more than " + CONTAINERS + " containers");
      }
      ask(container.path() + "/" + Encoded.path(spot.object()), Set.of(200, 404), container);
      seen.add(container);
    }

    private void ask(String path, Set<Integer> allowed, ContainerName container)
        throws SwiftTrouble, Unsure {
      int said = stock.says(here, new Head("HEAD", path, who), deadline).orElse(0);
      if (!allowed.contains(said)) {
        throw new Unsure("its own site says " + said + " to this client for " + container);
      }
    }

    /** A static large object. */
    private Followed made(Spot spot) throws SwiftTrouble, Unsure {
      Stock.Kept kept = manifest(spot);
      Manifest manifest = Manifest.read(kept.bytes());
      List<Piece> pieces = pieces(manifest, spot.container().account(), 1);
      // What is read raw does not tell the type.
      ObjectHead shown = head(spot.whole());
      String of = shown.headers().first("X-Manifest-Etag").orElse("").replace("\"", "");
      boolean same =
          shown.manifest()
              && shown.link().isEmpty()
              && shown.segments().isEmpty()
              && of.equals(kept.head().etag())
              && shown.etag().equals(manifest.etag())
              && shown.bytes() == manifest.bytes();
      if (!same) {
        throw new Unsure("it is written anew, or is not what it says");
      }
      return whole(shown, shown.etag(), pieces);
    }

    private Stock.Kept manifest(Spot spot) throws SwiftTrouble, Unsure {
      manifests++;
      if (manifests > MANIFESTS) {
        throw new Unsure("it is made of more than " + MANIFESTS + " large objects");
      }
      Stock.Kept kept = stock.kept(site, spot.raw(), MANIFEST, deadline);
      if (!kept.head().manifest() || kept.head().link().isPresent()) {
        throw new Unsure("one of its parts is no large object any more");
      }
      return kept;
    }

    private List<Piece> pieces(Manifest manifest, String account, int depth)
        throws SwiftTrouble, Unsure {
      List<Piece> pieces = new ArrayList<>();
      for (Manifest.Entry entry : manifest.entries()) {
        Spot spot = Spot.of(Link.name(account, entry.container()), entry.object());
        may(spot);
        if (entry.large()) {
          pieces.addAll(below(spot, entry, depth));
        } else if (entry.bytes() > 0) {
          pieces.add(new Piece(spot, entry.hash(), entry.size(), entry.from(), entry.bytes()));
        }
        if (pieces.size() > PIECES) {
          throw new Unsure("it has more than " + PIECES + " segments");
        }
      }
      return pieces;
    }

    private List<Piece> below(Spot spot, Manifest.Entry entry, int depth)
        throws SwiftTrouble, Unsure {
      if (depth >= DEPTH) {
        throw new Unsure("it is made of large objects more than " + DEPTH + " deep");
      }
      Manifest manifest = Manifest.read(manifest(spot).bytes());
      if (!manifest.etag().equals(entry.hash()) || manifest.bytes() != entry.size()) {
        throw new Unsure("one of its parts is not what it was");
      }
      List<Piece> all = pieces(manifest, spot.container().account(), depth + 1);
      return Piece.cut(all, entry.from(), entry.bytes());
    }

    /** A dynamic large object: who reads it sees a list, too. */
    private Followed listed(Spot spot, ObjectHead head) throws SwiftTrouble, Unsure {
      String path = Link.plain(head.segments().orElseThrow());
      int slash = path.indexOf('/');
      if (slash < 1 || slash == path.length() - 1) {
        throw new Unsure("it names no segments");
      }
      String prefix = path.substring(slash + 1);
      ContainerName in = Link.name(spot.container().account(), path.substring(0, slash));
      may(Spot.of(in, prefix));
      ask(in.path(), Set.of(200, 204, 404), in);
      List<ObjectRow> rows = stock.rows(new Stock.Within(site, in, prefix), PIECES, deadline);
      StringBuilder sums = new StringBuilder();
      List<Piece> pieces = new ArrayList<>();
      for (ObjectRow row : rows) {
        sums.append(row.hash());
        if (row.bytes() > 0) {
          pieces.add(new Piece(Spot.of(in, row.name()), row.hash(), row.bytes(), 0, row.bytes()));
        }
      }
      String etag = Sums.md5(sums.toString().getBytes(StandardCharsets.UTF_8));
      return whole(head, etag, pieces);
    }
  }

  private static Followed whole(ObjectHead head, String etag, List<Piece> pieces) {
    List<Field> fields = new ArrayList<>();
    for (Header line : head.headers().list()) {
      if (!NOT_WHAT.contains(line.name().toLowerCase(Locale.ROOT))) {
        fields.add(new Field(line.name(), line.value()));
      }
    }
    fields.add(new Field("Etag", '"' + etag + '"'));
    return new Followed.Whole(fields, etag, pieces);
  }
}
