package io.cotidal.lab.swift;

import io.cotidal.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests as the clusters of a realm do for each other.
 *
 * @param realm in capitals or not
 * @param realmKey one of the realm's
 * @param containerKey the container's {@code X-Container-Sync-Key}
 */
public record SyncSignature(String realm, Secret realmKey, Secret containerKey) {
  /**
   * The header that lets a request pass without a token.
   *
   * @param method of the request
   * @param path of the request, as Swift escapes it, without what follows a question mark
   * @param timestamp the request's {@code X-Timestamp}; {@code "0"} if it has none
   */
  public RawHeader header(String method, String path, String timestamp) {
    String nonce = UUID.randomUUID().toString();
    String text = String.join("\n", method, path, timestamp, nonce, containerKey.reveal());
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(realmKey.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      String signature =
          HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
      return new RawHeader("X-Container-Sync-Auth", realm + " " + nonce + " " + signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA1", e);
    }
  }
}
