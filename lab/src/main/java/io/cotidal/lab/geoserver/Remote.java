package io.cotidal.lab.geoserver;

import io.cotidal.lab.geoserver.Catalogue.Store;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The other server of a cascaded store. */
final class Remote {
  private Remote() {}

  /** Refuses as GeoServer does if the other server has no such layer, or cannot be asked. */
  static void require(Store store, String nativeName) {
    if (!capabilities(store).contains("<Name>" + nativeName + "</Name>")) {
      throw new Refusal(500, "Could not find layer " + nativeName + " in the remote server");
    }
  }

  private static String capabilities(Store store) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(store.fields().path("capabilitiesURL").asString()))
              .timeout(Duration.ofSeconds(10))
              .build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw (Refusal) new Refusal(500, "Could not reach the remote server").initCause(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (Refusal) new Refusal(500, "interrupted").initCause(e);
    }
  }
}
