package io.cotidal.objects.swift;

import io.cotidal.model.Secret;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.spec.Realm;
import io.cotidal.remote.http.kept.Header;
import io.cotidal.remote.http.kept.Headers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs as Swift's own synchronisation of containers does: whoever has the key of the realm and
 * that of the container is believed without a token, and keeps the time of what is written. Method,
 * path and time are signed; neither the body, nor the query, nor other headers are.
 *
 * @param nonces each once, without blanks
 */
public record Signer(Realm realm, Supplier<String> nonces) {
  /**
   * The headers of a signed request.
   *
   * @param method for example {@code PUT}
   * @param path encoded, as Swift sees it: from the version on, without the query
   * @param written when it is to have been written; empty if the request writes nothing
   * @param key of the container
   */
  public Headers headers(String method, String path, Optional<Timestamp> written, Secret key) {
    String time = written.map(Timestamp::toString).orElse("0");
    String nonce = nonces.get();
    String signed = String.join("\n", method, path, time, nonce, key.reveal());
    Headers auth =
        Headers.of(
            new Header("X-Container-Sync-Auth", realm.name() + " " + nonce + " " + hmac(signed)));
    return written.isPresent() ? auth.with("X-Timestamp", time) : auth;
  }

  /** Who signs with the realm's other key, if it has one. */
  Optional<Signer> other() {
    return realm
        .second()
        .map(second -> new Realm(realm.name(), second, Optional.of(realm.key())))
        .map(turned -> new Signer(turned, nonces));
  }

  private String hmac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(
          new SecretKeySpec(realm.key().reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      // Every Java runtime has it, and the key is not empty: Realm has been read from
      // configuration.
      throw new IllegalStateException("HMAC-SHA1 cannot be made: give the realm a key", e);
    }
  }
}
