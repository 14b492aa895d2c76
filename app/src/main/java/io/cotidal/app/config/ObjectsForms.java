package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.model.MemberId;
import io.cotidal.model.Names;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.spec.GatewayPlace.At;
import io.cotidal.remote.http.HttpAddress;
import java.util.regex.Pattern;

/** The forms of values that only namespaces over Swift sites have. */
final class ObjectsForms {
  private static final Pattern REALM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");
  private static final Pattern POLICY = Pattern.compile("[A-Za-z0-9-]{1,64}");
  private static final Pattern HEADER = Pattern.compile("[Xx]-[A-Za-z0-9_-]{1,126}");
  private static final Pattern SHARE = Pattern.compile("0|1|0\\.[0-9]{1,6}|1\\.0");
  private static final Pattern VERSION = Pattern.compile(".*/v1(\\.0)?");

  /** The member that is all sites side by side. */
  private static final String TAKEN = "namespace";

  private ObjectsForms() {}

  /** An account, as it stands in a path. */
  static Form<String> account() {
    return text ->
        named(text)
            ? fit(text)
            : unfit(Quote.of(text) + " is no account", "write for example AUTH_test");
  }

  /** A name, or the beginning of names and an asterisk. */
  static Form<String> pattern() {
    return text -> {
      String bare = text.endsWith("*") ? text.substring(0, text.length() - 1) : text;
      return !bare.contains("*") && (bare.isEmpty() ? text.equals("*") : named(bare))
          ? fit(text)
          : unfit(
              Quote.of(text) + " is neither a name nor the beginning of names",
              "write NAME, or BEGINNING* with the asterisk at its end");
    };
  }

  private static boolean named(String text) {
    if (text.chars().anyMatch(Character::isISOControl)) {
      return false;
    }
    try {
      // The same rules hold for accounts and for containers.
      return new ContainerName(text, text).account().equals(text);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** A realm, or a cluster in it. */
  static Form<String> realm() {
    return text ->
        REALM.matcher(text).matches()
            ? fit(text)
            : unfit(
                Quote.of(text) + " is no name of a realm or of a cluster in it",
                "use 1 to 63 of letters, digits, . _ and -");
  }

  /** A storage policy. */
  static Form<String> policy() {
    return text ->
        POLICY.matcher(text).matches()
            ? fit(text)
            : unfit(
                Quote.of(text) + " is no storage policy",
                "use letters, digits and -, as Swift does");
  }

  /** A header of a container. */
  static Form<String> header() {
    return text ->
        HEADER.matcher(text).matches()
            ? fit(text)
            : unfit(
                Quote.of(text) + " is no header of a container",
                "write for example X-Container-Meta-Region");
  }

  /** A part of a whole. */
  static Form<Double> share() {
    return text ->
        SHARE.matcher(text).matches()
            ? fit(Double.valueOf(text))
            : unfit(Quote.of(text) + " is no share", "write a number from 0 to 1, for example 0.3");
  }

  /** Where a proxy answers, up to the version, without a slash at the end. */
  static Form<String> proxy() {
    String remedy = "write for example https://swift.example.org/v1";
    return text -> {
      String bare = text.replaceFirst("/+$", "");
      return switch (address().read(bare)) {
        case Form.Read.Fit<String> fit ->
            VERSION.matcher(bare).matches() ? fit : unfit("does not end with the version", remedy);
        case Form.Read.Unfit<String> unfit -> unfit(unfit.reason(), remedy);
      };
    };
  }

  /** An address of HTTP. */
  static Form<String> address() {
    String remedy = "write for example https://host:8080/path";
    return text -> {
      try {
        return HttpAddress.parse(text).path().contains("?")
            ? unfit("has a question behind its path", remedy)
            : fit(text);
      } catch (IllegalArgumentException e) {
        return unfit("is no address: " + e.getMessage(), remedy);
      }
    };
  }

  /** Where to listen, also on every address of this machine; port 0 takes any free one. */
  static Form<At> listen() {
    return at(0, "write for example 0.0.0.0:8080");
  }

  /** Where a proxy answers without TLS. */
  static Form<At> plainProxy() {
    return at(1, "write for example 127.0.0.1:8080");
  }

  private static Form<At> at(int least, String remedy) {
    return text -> {
      int colon = text.lastIndexOf(':');
      String host = colon < 0 ? "" : text.substring(0, colon);
      boolean bracketed = host.startsWith("[") && host.endsWith("]") && host.length() > 2;
      String bare = bracketed ? host.substring(1, host.length() - 1) : host;
      boolean every = least == 0 && (bare.equals("0.0.0.0") || bare.equals("::"));
      if (bracketed != bare.contains(":")
          || (!every && !(Forms.host().read(bare) instanceof Form.Read.Fit<String>))) {
        return unfit(Quote.of(text) + " is not an address with a port", remedy);
      }
      return switch (Forms.whole(least, 65_535).read(text.substring(colon + 1))) {
        case Form.Read.Fit<Integer>(Integer port) -> fit(new At(bare, port));
        case Form.Read.Unfit<Integer> _ ->
            unfit(Quote.of(text) + " has no port from " + least + " to 65535", remedy);
      };
    };
  }

  /** A user of tempauth with its account. */
  static Form<String> user() {
    return text ->
        text.indexOf(':') > 0
                && text.indexOf(':') < text.length() - 1
                && text.chars().noneMatch(Character::isISOControl)
            ? fit(text)
            : unfit(Quote.of(text) + " is no user of tempauth", "write account:user");
  }

  /** What a site is called among the members. */
  static Form<MemberId> member() {
    return text -> {
      if (text.equals(TAKEN)) {
        return unfit(Quote.of(text) + " is the name of all sites together", "choose another");
      }
      return Names.valid(text)
          ? fit(new MemberId(text))
          : unfit(
              Quote.of(text) + " is not a name",
              "use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit");
    };
  }
}
