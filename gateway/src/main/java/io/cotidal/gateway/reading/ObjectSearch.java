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
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

  private static final Set<String> COOKIES = Set.of("cookie", "set-cookie");

  private final Head head;
  private final Bearer bearer;
  private final Fallback fallback;
  private final Deque<MemberId> left;
  private final Service service;
  private Optional<MemberId> asked = Optional.empty();
  private Optional<Secret> token = Optional.empty();
  private boolean renewed;

  /**
   * For one request.
   *
   * @param head of a client that came with a token or with nothing
   * @param others the sites to be asked, in this order
   */
  ObjectSearch(
      Head head, Bearer bearer, Fallback fallback, List<MemberId> others, Service service) {
    this.head = head;
    this.bearer = bearer;
    this.fallback = fallback;
    this.left = new ArrayDeque<>(others);
    this.service = service;
  }

  @Override
  public boolean wanted(Optional<Answer> own) {
    int status = own.map(Answer::status).orElse(UNAVAILABLE);
    return switch (status) {
      // Swift has numbered it: it was not somebody on the way who has not found what he looked for.
      case MISSING -> fallback.missing() && own.map(each -> has(each, "x-trans-id")).orElse(false);
      // Nobody can say whether a token is good.
      case UNAVAILABLE -> fallback.outage() && bearer == Bearer.NOBODY;
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
    asked = Optional.ofNullable(left.poll());
    renewed = false;
    token = Optional.empty();
    if (asked.isEmpty()) {
      return CompletableFuture.completedFuture(new Next.Keep());
    }
    if (bearer == Bearer.NOBODY) {
      List<Field> fields =
          head.fields().stream().filter(each -> !COOKIES.contains(Bearer.name(each))).toList();
      return CompletableFuture.completedFuture(ask(new Head(head.method(), head.target(), fields)));
    }
    return asOurselves();
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
        next.complete(new Next.Ask("", head));
      } catch (RuntimeException e) {
        next.completeExceptionally(e);
      }
    });
    return next;
  }

  private Next withToken(MemberId site) throws SwiftTrouble {
    Secret ours = service.token(site, token, Deadline.in(PATIENCE));
    token = Optional.of(ours);
    List<Field> fields = new ArrayList<>();
    head.fields().stream().filter(each -> KEPT.contains(Bearer.name(each))).forEach(fields::add);
    fields.add(new Field("X-Auth-Token", ours.reveal()));
    return ask(
        new Head(head.method(), head.target() + "?multipart-manifest=get&symlink=get", fields));
  }

  private Next ask(Head seen) {
    return new Next.Ask(asked.map(MemberId::name).orElse(""), seen);
  }

  @Override
  public boolean takes(Answer answer) {
    int status = answer.status();
    boolean good = (status >= 200 && status < 300) || status == 304 || status == 416;
    return good && (bearer == Bearer.NOBODY || MARKS.stream().noneMatch(mark -> has(answer, mark)));
  }

  private static boolean has(Answer answer, String name) {
    return answer.fields().stream().anyMatch(field -> field.is(name));
  }
}
