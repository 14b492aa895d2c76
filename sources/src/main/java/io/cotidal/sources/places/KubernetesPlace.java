package io.cotidal.sources.places;

import io.cotidal.model.Secret;
import io.cotidal.remote.http.Question;
import io.cotidal.sources.roll.Json;
import io.cotidal.sources.roll.KubernetesForm;
import io.cotidal.sources.roll.NoAnswer;
import io.cotidal.sources.roll.Roll;
import io.cotidal.sources.roll.Words;
import io.cotidal.sources.spec.SourceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The endpoint slices of a service, listed page by page from one state of the cluster. */
public final class KubernetesPlace implements Place {
  private static final int PAGE = 500;
  private static final int MOST_PAGES = 20;

  private final SourceSpec.Kubernetes spec;
  private final Asked asked;
  private final KubernetesForm form;

  /** The service of {@code spec}. */
  public KubernetesPlace(SourceSpec.Kubernetes spec) {
    this.spec = spec;
    this.asked = Asked.server(spec.api(), spec.habits().timeout());
    this.form =
        new KubernetesForm(
            spec.reference(),
            spec.family(),
            spec.portName(),
            spec.service() + "." + spec.namespace() + ".svc");
  }

  @Override
  public Reading read(Optional<Reading> last, Duration wait) throws NoAnswer {
    return new Reading(
        Roll.of(form.candidates(slices()), spec.admission(), last.map(Reading::members)), "");
  }

  private List<JsonNode> slices() throws NoAnswer {
    Secret token = token();
    List<JsonNode> slices = new ArrayList<>();
    String more = "";
    for (int page = 0; page < MOST_PAGES; page++) {
      JsonNode list =
          Json.read(asked.text(Question.json(path(more)).with(HttpPlace.bearer(token))));
      if (!list.path("kind").asString("").equals("EndpointSliceList")) {
        throw new NoAnswer(
            "it answers " + Words.quote(list.toString()) + ": is it Kubernetes' API server?");
      }
      slices.addAll(Json.list(list.path("items"), "items"));
      more = list.path("metadata").path("continue").asString("");
      if (more.isEmpty()) {
        return slices;
      }
    }
    throw new NoAnswer(
        "the service has more than " + MOST_PAGES + " pages of slices: look what made them");
  }

  private String path(String more) {
    return spec.api()
        .address()
        .under(
            "/apis/discovery.k8s.io/v1/namespaces/"
                + spec.namespace()
                + "/endpointslices?labelSelector="
                + Asked.encoded("kubernetes.io/service-name=" + spec.service())
                + "&limit="
                + PAGE
                + (more.isEmpty() ? "" : "&continue=" + Asked.encoded(more)));
  }

  private Secret token() throws NoAnswer {
    try {
      Secret token = new Secret(Files.readString(spec.tokenFile()).strip());
      if (!token.reveal().matches("[A-Za-z0-9._~+/=-]{1,16384}")) {
        throw new NoAnswer(
            "the file " + spec.tokenFile() + " holds no token: mount the service account's");
      }
      return token;
    } catch (IOException e) {
      throw new NoAnswer(
          "the token in " + spec.tokenFile() + " cannot be read: mount the service account's", e);
    }
  }

  @Override
  public Duration timeout() {
    return spec.habits().timeout().multipliedBy(2);
  }

  @Override
  public String describe() {
    return "the service "
        + spec.namespace()
        + "/"
        + spec.service()
        + " in Kubernetes at "
        + spec.api().address();
  }
}
