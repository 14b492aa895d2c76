package io.cotidal.sources.places;

import io.cotidal.remote.http.Question;
import io.cotidal.remote.http.UnixHttp;
import io.cotidal.sources.roll.DockerForm;
import io.cotidal.sources.roll.Json;
import io.cotidal.sources.roll.NoAnswer;
import io.cotidal.sources.roll.Roll;
import io.cotidal.sources.spec.SourceSpec;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Containers of a Docker Engine that bear labels, those that stand still included. */
public final class DockerPlace implements Place {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final SourceSpec.Docker spec;
  private final Asked asked;
  private final DockerForm form;

  /** The containers of {@code spec}. */
  public DockerPlace(SourceSpec.Docker spec) {
    this.spec = spec;
    this.asked = new Asked(new UnixHttp(spec.socket()), spec.habits().timeout());
    this.form = new DockerForm(spec.reference(), spec.network(), spec.port());
  }

  @Override
  public Reading read(Optional<Reading> last, Duration wait) throws NoAnswer {
    String filters = MAPPER.writeValueAsString(java.util.Map.of("label", spec.labels()));
    String text =
        asked.text(Question.json("/containers/json?all=true&filters=" + Asked.encoded(filters)));
    return new Reading(
        Roll.of(form.candidates(Json.read(text)), spec.admission(), last.map(Reading::members)),
        "");
  }

  @Override
  public Duration timeout() {
    return spec.habits().timeout();
  }

  @Override
  public String describe() {
    return "the containers labelled "
        + String.join(", ", spec.labels())
        + " of Docker at "
        + spec.socket();
  }
}
