package io.cotidal.gateway.answer;

import io.cotidal.gateway.door.Answer;
import io.cotidal.gateway.door.Field;
import io.cotidal.objects.spec.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the client's answer of the site's. */
public final class Telling {
  /** How far a change has come. */
  public static final String SYNC = "X-Cotidal-Sync";

  private static final int NO_CONTENT = 204;
  private static final int UNAVAILABLE = 503;

  private Telling() {}

  /** What a site's answer says of the change. */
  public enum Local {
    /** It is made. */
    MADE,
    /** It is refused, and nothing has changed. */
    REFUSED,
    /** Nobody can tell. */
    UNKNOWN
  }

  /**
   * How many sites have it.
   *
   * @param confirmed the client's own among them
   * @param sites where it is to be; 0 while nobody knows
   */
  public record Reached(int confirmed, int sites) {
    /** Nobody knows of any but the client's own. */
    public static final Reached UNTOLD = new Reached(1, 0);

    private boolean all() {
      return sites > 0 && confirmed >= sites;
    }
  }

  /** What a final status says. */
  public static Local local(int status) {
    return switch (status / 100) {
      case 2 -> Local.MADE;
      // Redirections change nothing either.
      case 3, 4 -> status == 408 ? Local.UNKNOWN : Local.REFUSED;
      default -> Local.UNKNOWN;
    };
  }

  /**
   * What the client is told now; empty if it has to wait.
   *
   * @param site its own site's answer
   * @param late whether it has waited long enough
   */
  public static Optional<Answer> of(Promise promise, Answer site, Reached reached, boolean late) {
    if (local(site.status()) != Local.MADE) {
      return Optional.of(site);
    }
    boolean kept =
        promise == Promise.LOCAL
            || (reached.sites() > 0 && reached.confirmed() >= promise.needed(reached.sites()));
    if (kept) {
      return Optional.of(
          new Answer(site.status(), with(site.fields(), reached.all() ? "done" : "pending")));
    }
    return late ? Optional.of(unavailable(site)) : Optional.empty();
  }

  private static Answer unavailable(Answer site) {
    List<Field> fields = with(site.fields(), "pending");
    if (site.status() == NO_CONTENT) {
      // A 204 has no body and need not say so; other answers must.
      fields.removeIf(field -> field.is("Content-Length"));
      fields.add(new Field("Content-Length", "0"));
    }
    return new Answer(UNAVAILABLE, fields);
  }

  private static List<Field> with(List<Field> fields, String sync) {
    List<Field> all = new ArrayList<>(fields);
    all.removeIf(field -> field.is(SYNC));
    all.add(new Field(SYNC, sync));
    return all;
  }
}
