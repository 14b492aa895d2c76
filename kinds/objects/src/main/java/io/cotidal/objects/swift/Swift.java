package io.cotidal.objects.swift;

import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.spec.Site;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Answer;
import io.cotidal.remote.http.kept.BodyBroken;
import io.cotidal.remote.http.kept.Headers;
import io.cotidal.remote.http.kept.Limits;
import io.cotidal.remote.http.kept.Request;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * One site. It starts no connection before one is needed, and keeps those that it made for the
 * calls to come. Thread-safe. No call is repeated after a trouble: whoever calls decides that.
 */
public final class Swift implements AutoCloseable {
  private static final int MOST = 1 << 20;

  private final MemberId member;
  private final SiteLine line;
  private final InstantSource clock;

  /**
   * A site.
   *
   * @param signer signs what is written there
   * @param clock of this machine
   * @throws IllegalArgumentException if one of its addresses is none
   */
  public Swift(Site site, Signer signer, Limits limits, InstantSource clock) {
    this.member = site.member();
    this.line = new SiteLine(site, signer, limits);
    this.clock = clock;
  }

  /** Which site. */
  public MemberId member() {
    return member;
  }

  /**
   * Our token there, for who passes on a request of somebody else as ours.
   *
   * @param stale one that the site takes no more; empty for whichever is known
   * @throws SwiftTrouble if none can be had
   */
  public Secret token(Optional<Secret> stale, Deadline deadline) throws SwiftTrouble {
    return line.token(stale, deadline);
  }

  /** Its accounts. */
  public SwiftAccounts accounts() {
    return new SwiftAccounts(line);
  }

  /** Its containers. */
  public SwiftContainers containers() {
    return new SwiftContainers(line);
  }

  /** Its objects. */
  public SwiftObjects objects() {
    return new SwiftObjects(line);
  }

  /** Its clock. */
  public SiteClock clock() {
    return new SiteClock(line, clock);
  }

  /**
   * What it can do; {@link Capabilities#UNTOLD} if it does not say.
   *
   * @throws SwiftTrouble if it does not answer
   */
  public Capabilities capabilities(Deadline deadline) throws SwiftTrouble {
    Request request = Request.of("GET", line.beside("/info"), Headers.NONE);
    try (Answer answer = line.plain(request, deadline)) {
      return switch (answer.status()) {
        case 200 -> Capabilities.of(JsonMapper.shared().readTree(answer.bytes(MOST)));
        // An operator may keep it to themselves.
        case 401, 403, 404, 405 -> Capabilities.UNTOLD;
        default -> throw line.troubles().of(request, answer);
      };
    } catch (BodyBroken e) {
      throw line.troubles().of(request, e);
    } catch (JacksonException e) {
      throw line.troubles().broken(request, "what it can do is no JSON");
    }
  }

  /**
   * What the site says to somebody else, of whom nothing but these headers is known to it: neither
   * our token nor our signature goes along.
   *
   * @param path below the version
   * @return the status; empty if it was not Swift itself that said it, who numbers its answers
   * @throws SwiftTrouble if nobody answers
   */
  public OptionalInt says(String method, String path, Headers theirs, Deadline deadline)
      throws SwiftTrouble {
    try (Answer answer = line.plain(Request.of(method, line.target(path), theirs), deadline)) {
      return answer.headers().has("X-Trans-Id")
          ? OptionalInt.of(answer.status())
          : OptionalInt.empty();
    }
  }

  /** Closes its connections; those in use when their calls are over. */
  @Override
  public void close() {
    line.close();
  }

  /** The member's name. */
  @Override
  public String toString() {
    return member.toString();
  }
}
