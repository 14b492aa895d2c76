package io.cotidal.sources.places;

import io.cotidal.remote.http.Question;
import io.cotidal.remote.http.Question.SecretHeader;
import io.cotidal.remote.http.Reply;
import io.cotidal.sources.roll.Admission;
import io.cotidal.sources.roll.ConsulForm;
import io.cotidal.sources.roll.Json;
import io.cotidal.sources.roll.NoAnswer;
import io.cotidal.sources.roll.Roll;
import io.cotidal.sources.roll.Words;
import io.cotidal.sources.spec.SourceSpec;
import java.time.Duration;
import java.util.Optional;

/** A service in Consul, by blocking queries on its health endpoint. */
public final class ConsulPlace implements Place {
  /** An agent adds up to a sixteenth to a wait. */
  private static final int SPREAD = 8;

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private final SourceSpec.Consul spec;
  private final Asked asked;

  /** The service of {@code spec}. */
  public ConsulPlace(SourceSpec.Consul spec) {
    this.spec = spec;
    this.asked = Asked.server(spec.server(), spec.habits().timeout());
  }

  @Override
  public Reading read(Optional<Reading> last, Duration wait) throws NoAnswer {
    String index = last.map(Reading::token).orElse("");
    Duration patience = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    Duration asksFor = patience.minus(patience.dividedBy(SPREAD));
    boolean waits = !index.isEmpty() && asksFor.toSeconds() >= 1;
    Question question =
        Question.json(
            spec.server()
                .address()
                .under(
                    path()
                        + (waits ? "&index=" + index + "&wait=" + asksFor.toSeconds() + "s" : "")));
    if (spec.server().token().isPresent()) {
      question = question.with(new SecretHeader("X-Consul-Token", spec.server().token().get()));
    }
    Reply reply = asked.reply(question, waits ? patience : Duration.ZERO);
    if (reply.header("X-Consul-KnownLeader").filter("false"::equals).isPresent()) {
      throw new NoAnswer("it knows no leader, its answer may be old: look at the Consul servers");
    }
    return new Reading(
        Roll.of(
            ConsulForm.candidates(Json.read(Asked.text(reply))),
            spec.admission(),
            last.map(Reading::members)),
        next(index, reply));
  }

  private String path() {
    StringBuilder path =
        new StringBuilder("/v1/health/service/").append(Asked.encoded(spec.service()));
    path.append(spec.admission() == Admission.THE_WELL ? "?passing=true" : "?passing=false");
    if (!spec.tag().isEmpty()) {
      path.append("&tag=").append(Asked.encoded(spec.tag()));
    }
    if (!spec.datacentre().isEmpty()) {
      path.append("&dc=").append(Asked.encoded(spec.datacentre()));
    }
    return path.toString();
  }

  /** An index that went backwards, or is none, means that the wait must begin anew. */
  private static String next(String old, Reply reply) throws NoAnswer {
    String text = reply.header("X-Consul-Index").orElse("");
    if (!text.matches("[0-9]{1,18}")) {
      throw new NoAnswer(
          "its index is " + Words.quote(text) + ": is it Consul's HTTP API that answers?");
    }
    long index = Long.parseLong(text);
    boolean backwards = !old.isEmpty() && index < Long.parseLong(old);
    return index == 0 || backwards ? "" : text;
  }

  @Override
  public boolean waits() {
    return true;
  }

  @Override
  public Duration timeout() {
    return spec.habits().timeout();
  }

  @Override
  public String describe() {
    return "the service " + spec.service() + " in Consul at " + spec.server().address();
  }
}
