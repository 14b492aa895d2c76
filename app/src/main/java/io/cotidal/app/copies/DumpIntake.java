package io.cotidal.app.copies;

import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.steps.UploadRefused;
import io.cotidal.copies.steps.Uploads;
import io.cotidal.copies.steps.Workshop;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.Details;
import io.cotidal.model.ResourceId;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.Intake;
import io.cotidal.server.http.Problem;
import io.cotidal.server.http.Problem.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the dumps that clients send, and removes each as soon as no import needs it: when its
 * import has ended in any way, and what a daemon left that is gone.
 */
public final class DumpIntake implements Intake {
  private static final Logger log = LoggerFactory.getLogger(DumpIntake.class);
  private static final int DIGITS = 32;

  private final ControlPlane plane;
  private final Workshop workshop;

  /** An intake of the templates of {@code workshop}. */
  public DumpIntake(ControlPlane plane, Workshop workshop) {
    this.plane = plane;
    this.workshop = workshop;
  }

  @Override
  public String kind() {
    return "copies";
  }

  @Override
  public String action() {
    return "import";
  }

  @Override
  public Details announced(Arrival arrival) {
    Details input =
        Details.of(Acts.UPLOAD, id(arrival)).with(Acts.FILE, Acts.fileName(arrival.file()));
    return arrival.sha256().isPresent() ? input.with(Acts.HASH, arrival.sha256().get()) : input;
  }

  /** A repetition gets the same name; no client has any part in how it reads. */
  private static String id(Arrival arrival) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(arrival.key().getBytes(StandardCharsets.UTF_8));
      return "u" + HexFormat.of().formatHex(hash).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public void check(ResourceId resource, Arrival arrival) throws InterruptedException {
    try {
      uploads(resource).check(arrival.length());
    } catch (UploadRefused e) {
      throw refusal(e);
    } catch (IOException e) {
      throw unusable(resource, e);
    }
  }

  @Override
  public Taken take(ResourceId resource, Arrival arrival, InputStream body)
      throws InterruptedException {
    Uploads uploads = uploads(resource);
    String id = id(arrival);
    boolean taken = false;
    try {
      Uploads.Whole whole =
          uploads.take(new Uploads.Arrival(id, arrival.length(), arrival.sha256()), body);
      taken = true;
      log.info(
          "event=uploaded resource={} upload={} bytes={} sha256={}",
          resource,
          id,
          whole.bytes(),
          whole.sha256());
      return held(resource, announced(arrival), whole);
    } catch (UploadRefused e) {
      throw refusal(e);
    } catch (IOException e) {
      throw unusable(resource, e);
    } finally {
      if (!taken) {
        uploads.letGo(id);
        sweep(resource);
      }
    }
  }

  private Taken held(ResourceId resource, Details announced, Uploads.Whole whole) {
    Details input = announced.with(Acts.HASH, whole.sha256()).with(Acts.BYTES, whole.bytes());
    return new Taken() {
      @Override
      public Details input() {
        return input;
      }

      @Override
      public void close() {
        uploads(resource).letGo(whole.id());
        sweep(resource);
      }
    };
  }

  /** A plane that does not lead, or does not show a template, cannot tell what is needed. */
  void sweep(ResourceId resource) {
    Optional<Uploads> uploads = workshop.uploads(resource);
    Optional<ResourceView> view = plane.resource(resource).filter(ResourceView::leading);
    if (uploads.isEmpty() || view.isEmpty()) {
      return;
    }
    try {
      uploads.get().sweep(id -> needed(view.get(), id));
    } catch (IOException e) {
      // The next change of the template brings the next attempt.
      log.warn("event=upload-stays resource={} reason=\"{}\"", resource, e.toString());
    }
  }

  private static boolean needed(ResourceView view, String id) {
    return view.operations().stream()
        .anyMatch(open -> !open.state().ended() && open.input().get(Acts.UPLOAD, "").equals(id));
  }

  private Uploads uploads(ResourceId resource) {
    return workshop
        .uploads(resource)
        .orElseThrow(() ->
            Problem.of(Code.NOT_FOUND, "there is no resource " + resource, "see cot get")
                .refusal());
  }

  private static Problem.Refusal refusal(UploadRefused refused) {
    String message = String.valueOf(refused.getMessage());
    Code code =
        switch (refused.why()) {
          case CUT, WRONG -> Code.BAD_REQUEST;
          case TOO_LARGE -> Code.TOO_LARGE;
          case NO_ROOM -> Code.NO_ROOM;
          case BUSY -> Code.CONFLICT;
        };
    return Problem.of(code, message).refusal();
  }

  private static Problem.Refusal unusable(ResourceId resource, IOException problem) {
    log.warn("event=upload-failed resource={} reason=\"{}\"", resource, problem.toString());
    return Problem.of(
            Code.INTERNAL,
            "the volume of " + resource + " did not take the upload: " + problem.getMessage(),
            "see cot status " + resource)
        .refusal();
  }
}
