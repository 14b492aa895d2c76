package io.cotidal.server.http;

import org.eclipse.jetty.http.HttpFields;

/** Headers that every answer has, errors of the HTTP engine included. */
final class SecurityHeaders {
  private static final String POLICY =
      "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
          + "frame-ancestors 'none'; require-trusted-types-for 'script'";

  private SecurityHeaders() {}

  static void put(HttpFields.Mutable headers, boolean secure) {
    headers.put("Content-Security-Policy", POLICY);
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("X-Frame-Options", "DENY");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("Cross-Origin-Opener-Policy", "same-origin");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
    headers.put("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    headers.put("Cache-Control", "no-store");
    if (secure) {
      headers.put("Strict-Transport-Security", "max-age=31536000");
    }
  }
}
