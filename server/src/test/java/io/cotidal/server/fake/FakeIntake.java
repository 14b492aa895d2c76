package io.cotidal.server.fake;

import io.cotidal.model.Details;
import io.cotidal.model.ResourceId;
import io.cotidal.server.Intake;
import io.cotidal.server.http.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Takes in whatever comes for one action, and remembers how much it was. */
public final class FakeIntake implements Intake {
  private final String kind;
  private final String action;
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());

  /** An intake of {@code action}. */
  public FakeIntake(String kind, String action) {
    this.kind = kind;
    this.action = action;
  }

  /** What happened, in order. */
  public List<String> log() {
    return List.copyOf(log);
  }

  @Override
  public String kind() {
    return kind;
  }

  @Override
  public String action() {
    return action;
  }

  @Override
  public Details announced(Arrival arrival) {
    return Details.of("file", arrival.file());
  }

  @Override
  public void check(ResourceId resource, Arrival arrival) {
    log.add("check " + arrival.length());
    if (arrival.length() > 10_000_000) {
      throw Problem.of(Problem.Code.TOO_LARGE, "more than this test takes").refusal();
    }
  }

  @Override
  public Taken take(ResourceId resource, Arrival arrival, InputStream body) {
    long bytes = 0;
    try {
      byte[] chunk = new byte[8192];
      for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
        bytes += read;
      }
    } catch (IOException e) {
      log.add("cut");
      throw Problem.of(Problem.Code.BAD_REQUEST, "cut").refusal();
    }
    log.add("took " + bytes + arrival.sha256().map(hash -> " " + hash).orElse(""));
    Details input = announced(arrival).with("bytes", bytes);
    return new Taken() {
      @Override
      public Details input() {
        return input;
      }

      @Override
      public void close() {
        log.add("let go");
      }
    };
  }
}
