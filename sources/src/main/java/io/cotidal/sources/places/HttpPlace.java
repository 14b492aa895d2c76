package io.cotidal.sources.places;

import io.cotidal.model.Secret;
import io.cotidal.remote.http.Question;
import io.cotidal.remote.http.Question.SecretHeader;
import io.cotidal.sources.roll.Admission;
import io.cotidal.sources.roll.Json;
import io.cotidal.sources.roll.Lists;
import io.cotidal.sources.roll.NoAnswer;
import io.cotidal.sources.roll.Roll;
import io.cotidal.sources.spec.SourceSpec;
import java.time.Duration;
import java.util.Optional;

/** A list that a server hands out. */
public final class HttpPlace implements Place {
  private final SourceSpec.Http spec;
  private final Asked asked;

  /** The server of {@code spec}. */
  public HttpPlace(SourceSpec.Http spec) {
    this.spec = spec;
    this.asked = Asked.server(spec.server(), spec.habits().timeout());
  }

  @Override
  public Reading read(Optional<Reading> last, Duration wait) throws NoAnswer {
    String path = spec.server().address().path();
    Question question = Question.json(path.isEmpty() ? "/" : path);
    if (spec.server().token().isPresent()) {
      question = question.with(bearer(spec.server().token().get()));
    }
    return new Reading(
        Roll.of(
            Lists.candidates(Json.read(asked.text(question))), Admission.ANYBODY, Optional.empty()),
        "");
  }

  static SecretHeader bearer(Secret token) {
    return new SecretHeader("Authorization", new Secret("Bearer " + token.reveal()));
  }

  @Override
  public Duration timeout() {
    return spec.habits().timeout();
  }

  @Override
  public String describe() {
    return "the list at " + spec.server().address();
  }
}
