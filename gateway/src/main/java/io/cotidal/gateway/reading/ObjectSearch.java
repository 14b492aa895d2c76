package io.cotidal.gateway.reading;

import io.cotidal.gateway.door.Answer;
import io.cotidal.gateway.door.Elsewhere;
import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.spec.Fallback;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One object is looked for at other sites. */
final class ObjectSearch implements Elsewhere {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectSearch.class);
  private static final int UNAUTHORISED = 401;
  private static final int MISSING = 404;
  private static final int UNAVAILABLE = 503;

  /** So long it may take to get a token. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What another site may know of a request that it gets with our token. */
  private static final Set<String> KEPT =
      Set.of(
          "accept",
          "accept-encoding",
          "if-match",
          "if-modified-since",
          "if-none-match",
          "if-range",
          "if-unmodified-since",
          "origin",
          "range",
          "user-agent",
          "x-forwarded-for",
          "x-newest",
          "x-trans-id-extra");

  /** By which a site says that an object stands for others. */
  private static final Set<String> MARKS =
      Set.of("x-static-large-object", "x-object-manifest", "x-symlink-target");

  /** What a site may answer to conditions and ranges that do not fit what it keeps. */
  private static final Set<Integer> SHOWN = Set.of(304, 412, 416);

  /** Asks for what a site keeps, whatever that stands for. */
  private static final String RAW = "?multipart-manifest=get&symlink=get";

  private static final Set<String> COOKIES = Set.of("cookie", "set-cookie");

  private final Asking asking;
  private final Deque<MemberId> left;
  private final Means means;
  private Optional<MemberId> asked = Optional.empty();
  private Optional<Secret> token = Optional.empty();
  private Optional<Joining> joining = Optional.empty();
  private Spot spot;
  private boolean followed;
  private boolean renewed;

  /**
   * What is asked for.
   *
   * @param head of a client that came with a token or with nothing
   * @param spot as the client names it
   */
  record Asking(Head head, Bearer bearer, Fallback fallback, Spot spot) {}

  /**
   * By what.
   *
   * @param room for so many at a time that are followed, as lists are held in memory meanwhile
   */
  record Means(Service service, Following following, Semaphore room) {}

  /**
   * For one request.
   *
   * @param others the sites to be asked, in this order
   */
  ObjectSearch(Asking asking, List<MemberId> others, Means means) {
    this.asking = asking;
    this.left = new ArrayDeque<>(others);
    this.means = means;
    this.spot = asking.spot();
  }

  @Override
  public boolean wanted(Optional<Answer> own) {
    int status = own.map(Answer::status).orElse(UNAVAILABLE);
    return switch (status) {
      // Swift has numbered it: it was not somebody on the way who has not found what he looked for.
      case MISSING ->
          asking.fallback().missing() && own.map(each -> has(each, "x-trans-id")).orElse(false);
      // Nobody can say whether a token is good.
      case UNAVAILABLE -> asking.fallback().outage() && asking.bearer() == Bearer.NOBODY;
      default -> false;
    };
  }

  @Override
  public CompletionStage<Next> next(Optional<Answer> last) {
    boolean refused = last.map(each -> each.status() == UNAUTHORISED).orElse(false);
    if (refused && token.isPresent() && !renewed) {
      renewed = true;
      return asOurselves();
    }
    if (joining.isPresent()) {
      return onward(joining.get());
    }
    boolean stands =
        asking.bearer() == Bearer.TOKEN && last.filter(ObjectSearch::stands).isPresent();
    return stands && !followed ? follow() : another();
  }

  private CompletionStage<Next> another() {
    asked = Optional.ofNullable(left.poll());
    spot = asking.spot();
    followed = false;
    joining = Optional.empty();
    renewed = false;
    token = Optional.empty();
    if (asked.isEmpty()) {
      return CompletableFuture.completedFuture(new Next.Keep());
    }
    if (asking.bearer() == Bearer.TOKEN) {
      return asOurselves();
    }
    Head head = asking.head();
    List<Field> fields =
        head.fields().stream().filter(each -> !COOKIES.contains(Bearer.name(each))).toList();
    return CompletableFuture.completedFuture(ask(new Head(head.method(), head.target(), fields)));
  }

  /** What it stands for is asked for, if the client may see all of that. */
  private CompletionStage<Next> follow() {
    followed = true;
    renewed = false;
    CompletableFuture<Optional<Followed>> found = new CompletableFuture<>();
    MemberId site = asked.orElseThrow();
    Thread.startVirtualThread(() -> {
      try {
        found.complete(followed(site));
      } catch (InterruptedException | RuntimeException e) {
        found.completeExceptionally(e);
      }
    });
    return found.thenCompose(what -> what.map(this::given).orElseGet(this::another));
  }

  private Optional<Followed> followed(MemberId site) throws InterruptedException {
    means.room().acquire();
    try {
      return Optional.of(means.following().follow(site, asking.spot(), asking.head()));
    } catch (Unsure | SwiftTrouble e) {
      LOG.info("event=not-followed site={} reason=\"{}\"", site, e.getMessage());
      return Optional.empty();
    } finally {
      means.room().release();
    }
  }

  private CompletionStage<Next> given(Followed what) {
    return switch (what) {
      case Followed.Plain plain -> {
        spot = plain.spot();
        yield asOurselves();
      }
      case Followed.Whole whole ->
          Part.of(asking.head(), whole).map(part -> part(part, whole)).orElseGet(this::another);
    };
  }

  private CompletionStage<Next> part(Part part, Followed.Whole whole) {
    List<Piece> pieces = Piece.cut(whole.pieces(), part.from(), part.bytes());
    if (asking.head().method().equals("GET") && !pieces.isEmpty()) {
      joining = Optional.of(new Joining(part, pieces));
      return asOurselves();
    }
    List<Field> fields = new ArrayList<>(part.answer().fields());
    fields.add(new Field(SITE, asked.orElseThrow().name()));
    if (part.answer().status() == 200) {
      fields.add(new Field("Content-Length", Long.toString(part.bytes())));
    }
    Answer answer = new Answer(part.answer().status(), fields);
    return CompletableFuture.completedFuture(new Next.Say(answer, ""));
  }

  /** The next piece, if the last one has come. */
  private CompletionStage<Next> onward(Joining now) {
    if (!now.came()) {
      // Nothing has been told of it yet, or the client has to see that the rest is missing.
      return now.begun()
          ? CompletableFuture.failedFuture(new IOException("a piece is not what it was"))
          : another();
    }
    renewed = false;
    return now.over() ? CompletableFuture.completedFuture(new Next.Keep()) : asOurselves();
  }

  private CompletionStage<Next> asOurselves() {
    CompletableFuture<Next> next = new CompletableFuture<>();
    MemberId site = asked.orElseThrow();
    Thread.startVirtualThread(() -> {
      try {
        next.complete(withToken(site));
      } catch (SwiftTrouble e) {
        LOG.info("event=no-token-for-reading site={} reason=\"{}\"", site, e.getMessage());
        // What answers nothing is asked for nothing: the next one is asked.
        next.complete(new Next.Ask("", asking.head()));
      } catch (RuntimeException e) {
        next.completeExceptionally(e);
      }
    });
    return next;
  }

  private Next withToken(MemberId site) throws SwiftTrouble {
    Optional<Secret> stale = renewed ? token : Optional.empty();
    Secret ours = means.service().token(site, stale, Deadline.in(PATIENCE));
    token = Optional.of(ours);
    Field mine = new Field("X-Auth-Token", ours.reveal());
    return joining.map(now -> now.ask(site.name(), mine)).orElseGet(() -> kept(mine));
  }

  private Next kept(Field mine) {
    Head head = asking.head();
    List<Field> fields = new ArrayList<>();
    head.fields().stream().filter(each -> KEPT.contains(Bearer.name(each))).forEach(fields::add);
    fields.add(mine);
    // As the client has written it, if it is that.
    String target = spot.equals(asking.spot()) ? head.target() + RAW : spot.target();
    return ask(new Head(head.method(), target, fields));
  }

  private Next ask(Head seen) {
    return new Next.Ask(asked.map(MemberId::name).orElse(""), seen);
  }

  @Override
  public boolean takes(Answer answer) {
    int status = answer.status();
    boolean plain = MARKS.stream().noneMatch(mark -> has(answer, mark));
    if (joining.isPresent()) {
      return joining.get().takes(answer, plain);
    }
    boolean good = (status >= 200 && status < 300) || status == 304 || status == 416;
    return good && (asking.bearer() == Bearer.NOBODY || plain);
  }

  /** Whether a site says that it keeps something that stands for other objects. */
  private static boolean stands(Answer answer) {
    int status = answer.status();
    boolean there = (status >= 200 && status < 300) || SHOWN.contains(status);
    return there && MARKS.stream().anyMatch(mark -> has(answer, mark));
  }

  private static boolean has(Answer answer, String name) {
    return answer.fields().stream().anyMatch(field -> field.is(name));
  }
}
