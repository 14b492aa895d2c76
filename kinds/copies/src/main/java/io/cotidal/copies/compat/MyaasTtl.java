package io.cotidal.copies.compat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The lifetime in a request. As in the original the form wins over JSON, what is no form and no
 * JSON object counts as nothing, an empty text and a JSON zero count as not given, fractions are
 * cut off, and zero in a form is for ever. What is no number is refused; the original broke down
 * over it.
 */
final class MyaasTtl {
  private static final Pattern WHOLE = Pattern.compile("\\s*[+-]?[0-9]+(_[0-9]+)*\\s*");
  private static final BigInteger MOST = BigInteger.valueOf(3_660L * 86_400);
  private static final String FORM = "application/x-www-form-urlencoded";

  private MyaasTtl() {}

  /**
   * The lifetime; empty if none is asked for.
   *
   * @throws IllegalArgumentException saying what can be written
   */
  static Optional<Duration> of(MyaasRequest request) {
    String type = request.type().toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
    if (type.equals(FORM)) {
      return Optional.of(form(request.body())).filter(text -> !text.isEmpty()).map(MyaasTtl::text);
    }
    if (type.equals("application/json")
        || (type.startsWith("application/") && type.endsWith("+json"))) {
      return json(request.body());
    }
    if (type.startsWith("multipart/")) {
      // Passing over it would give the copy another life than was asked for.
      throw new IllegalArgumentException("send ttl as " + FORM + " or as JSON");
    }
    return Optional.empty();
  }

  private static String form(String body) {
    for (String part : body.split("&")) {
      int equal = part.indexOf('=');
      if (equal > 0 && decoded(part.substring(0, equal)).equals("ttl")) {
        return decoded(part.substring(equal + 1));
      }
    }
    return "";
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the form is badly encoded", e);
    }
  }

  private static Optional<Duration> json(String body) {
    JsonNode node;
    try {
      node = MyaasJson.read(body);
    } catch (JacksonException e) {
      return Optional.empty();
    }
    JsonNode ttl = node.isObject() ? node.get("ttl") : null;
    if (ttl == null || ttl.isNull()) {
      return Optional.empty();
    }
    if (ttl.isString()) {
      return Optional.of(ttl.stringValue()).filter(text -> !text.isEmpty()).map(MyaasTtl::text);
    }
    if (ttl.isBoolean()) {
      return ttl.booleanValue() ? Optional.of(Duration.ofSeconds(1)) : Optional.empty();
    }
    if (!ttl.isNumber()) {
      throw wrong(ttl.toString());
    }
    BigDecimal number = ttl.decimalValue();
    return number.signum() == 0
        ? Optional.empty()
        : Optional.of(length(whole(number), number.toString()));
  }

  /** Numbers are compared before they are written out: 1e999999999 is short only in JSON. */
  private static BigInteger whole(BigDecimal number) {
    if (number.precision() - (long) number.scale() > 20) {
      throw wrong(number.toString());
    }
    return number.setScale(0, RoundingMode.DOWN).toBigInteger();
  }

  private static Duration text(String text) {
    if (text.length() > 40 || !WHOLE.matcher(text).matches()) {
      throw wrong(text);
    }
    return length(new BigInteger(text.strip().replace("_", "")), text);
  }

  private static Duration length(BigInteger seconds, String text) {
    if (seconds.signum() < 0 || seconds.compareTo(MOST) > 0) {
      throw wrong(text);
    }
    return Duration.ofSeconds(seconds.longValueExact());
  }

  private static IllegalArgumentException wrong(String text) {
    String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return new IllegalArgumentException(
        "ttl '" + shown + "': write a whole number of seconds, 0 for ever, ten years at most");
  }
}
