package io.cotidal.sources.places;

import io.cotidal.remote.http.Guard;
import io.cotidal.remote.http.GuardedHttp;
import io.cotidal.remote.http.HttpAddress;
import io.cotidal.remote.http.Question;
import io.cotidal.sources.roll.Json;
import io.cotidal.sources.roll.NoAnswer;
import io.cotidal.sources.roll.RancherForm;
import io.cotidal.sources.roll.Roll;
import io.cotidal.sources.roll.Words;
import io.cotidal.sources.spec.SourceSpec;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A service in Rancher's metadata. The version of the metadata, which changes with everything in
 * them, is read before the containers: what changes in between is seen at the next question, and
 * the service lets us wait for another version.
 */
public final class RancherPlace implements Place {
  /** The service looks only so often whether a wait is over. */
  private static final Duration COARSE = Duration.ofSeconds(6);

  /** As long as the service lets anybody wait. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

  private final SourceSpec.Rancher spec;
  private final HttpAddress address;
  private final Asked asked;
  private final RancherForm form;

  /**
   * The service of {@code spec}.
   *
   * @throws IllegalArgumentException if its URL is none
   */
  public RancherPlace(SourceSpec.Rancher spec) {
    this.spec = spec;
    this.address = HttpAddress.parse(spec.url());
    this.asked =
        new Asked(
            new GuardedHttp(address, new Guard(true, Optional.empty())), spec.habits().timeout());
    this.form =
        new RancherForm(
            spec.reference(),
            spec.filter().port(),
            spec.filter().states(),
            spec.filter().healths());
  }

  @Override
  public Reading read(Optional<Reading> last, Duration wait) throws NoAnswer {
    String token = version(last.map(Reading::token).orElse(""), wait);
    List<JsonNode> containers = containers();
    return new Reading(
        Roll.of(form.candidates(containers), spec.filter().admission(), last.map(Reading::members)),
        token);
  }

  private String version(String old, Duration wait) throws NoAnswer {
    Duration patience = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    boolean waits = !old.isEmpty() && patience.minus(COARSE).toSeconds() >= 1;
    String query =
        waits
            ? "?wait=true&value="
                + Asked.encoded(old)
                + "&maxWait="
                + patience.minus(COARSE).toSeconds()
            : "";
    Question question = Question.json(path("/version" + query));
    JsonNode version =
        Json.read(Asked.text(asked.reply(question, waits ? patience : Duration.ZERO)));
    if (!version.isString()) {
      throw new NoAnswer(
          "its version is "
              + Words.quote(version.toString())
              + ": is it Rancher's metadata service that answers?");
    }
    return version.asString();
  }

  private List<JsonNode> containers() throws NoAnswer {
    if (spec.version().equals(SourceSpec.Rancher.NAMES_ONLY)) {
      List<JsonNode> all = list("/containers");
      return RancherForm.of(all, spec.stack(), spec.bareService());
    }
    String stack = spec.stack().isEmpty() ? "" : "/stacks/" + name(spec.stack());
    return list(stack + "/services/" + name(spec.bareService()) + "/containers");
  }

  private List<JsonNode> list(String path) throws NoAnswer {
    return Json.list(Json.read(asked.text(Question.json(path(path)))), "the list of containers");
  }

  private String path(String path) {
    return address.under("/" + spec.version() + path);
  }

  /** Names are in lower case from 2016-07-29 on. */
  private String name(String name) {
    boolean lower = spec.version().compareTo("2016-07-29") >= 0;
    return Asked.encoded(lower ? name.toLowerCase(Locale.ROOT) : name);
  }

  @Override
  public boolean waits() {
    return true;
  }

  @Override
  public Duration timeout() {
    return spec.habits().timeout().multipliedBy(2);
  }

  @Override
  public String describe() {
    return "the service " + spec.service() + " in Rancher at " + address;
  }
}
