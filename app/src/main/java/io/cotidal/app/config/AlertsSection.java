package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.model.Secret;
import io.cotidal.postgres.spec.Alert;
import io.cotidal.remote.http.HttpAddress;
import io.cotidal.remote.mail.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads who is told of a cluster's events. */
final class AlertsSection {
  private static final Set<String> HERE = Set.of("127.0.0.1", "localhost", "::1");

  private final Section cluster;
  private final Secrets secrets;

  AlertsSection(Section cluster, Secrets secrets) {
    this.cluster = cluster;
    this.secrets = secrets;
  }

  /** Those that could be read; what is wrong with the others is reported. */
  List<Alert> read() {
    List<Alert> alerts = new ArrayList<>();
    for (Section item : cluster.items("alerts")) {
      String name =
          item.need("name", Forms.name(), Optional.empty(), "write name: NAME").orElse("unnamed");
      Optional<Section> webhook = item.section("webhook");
      webhook.flatMap(part -> webhook(name, part)).ifPresent(alerts::add);
      webhook.ifPresent(Section::closeDiscreetly);
      Optional<Section> mail = item.section("mail");
      mail.flatMap(part -> mail(name, part)).ifPresent(alerts::add);
      mail.ifPresent(Section::closeDiscreetly);
      if (Stream.of("webhook", "mail").filter(item::has).count() != 1) {
        item.reject("tells nobody, or two", "write one of webhook, mail below it");
      }
      item.close();
    }
    return alerts;
  }

  private Optional<Alert.Webhook> webhook(String name, Section part) {
    Optional<String> url =
        part.need("url", url(), Optional.empty(), "write the URL that takes a POST");
    Optional<Secret> token = part.has("token") ? part.secret("token", secrets) : Optional.empty();
    return url.map(each -> new Alert.Webhook(name, each, token));
  }

  private Optional<Alert.Mail> mail(String name, Section part) {
    String host = part.get("host", Forms.host(), Value.standard("127.0.0.1", "127.0.0.1"));
    int port = part.get("port", Forms.whole(1, 65_535), Value.standard(25, "25"));
    boolean startTls = part.get("starttls", Forms.flag(), Value.standard(true, "true"));
    Optional<Path> authorities = part.find("ca", Forms.absolutePath()).map(Value::value);
    Optional<String> from = part.need("from", address(), Optional.empty(), "write from: NAME@HOST");
    Optional<List<String>> to =
        part.need("to", addresses(), Optional.empty(), "write to: NAME@HOST");
    Optional<Alert.Mail.User> user = user(part);
    if (!startTls && !HERE.contains(host)) {
      part.problem("starttls", "is off for another machine", "remove it, or use this machine");
    }
    if (!startTls && user.isPresent()) {
      part.problem("starttls", "is off, and a password would be readable", "remove it");
    }
    return from.isEmpty() || to.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Alert.Mail(name, host, port, startTls, authorities, user, from.get(), to.get()));
  }

  private Optional<Alert.Mail.User> user(Section part) {
    boolean named = part.has("user");
    boolean secret = part.has("password");
    if (!named && !secret) {
      return Optional.empty();
    }
    Optional<String> name = part.need("user", line(), Optional.empty(), "write user: NAME");
    Optional<Secret> password = part.secret("password", secrets);
    return name.isEmpty() || password.isEmpty()
        ? Optional.empty()
        : Optional.of(new Alert.Mail.User(name.get(), password.get()));
  }

  private static Form<String> line() {
    return text ->
        text.length() <= 200 && text.chars().noneMatch(Character::isISOControl)
            ? fit(text)
            : unfit("is no name of a user", "write one line");
  }

  private static Form<String> address() {
    return text ->
        Message.address(text)
            ? fit(text)
            : unfit(Quote.of(text) + " is no address", "write NAME@HOST");
  }

  private static Form<List<String>> addresses() {
    return text -> {
      List<String> all = List.of(text.strip().split("[, ]+"));
      return all.stream().allMatch(Message::address)
          ? fit(all)
          : unfit(Quote.of(text) + " is no list of addresses", "write NAME@HOST, NAME@HOST");
    };
  }

  /** In the clear to this machine alone. */
  private static Form<String> url() {
    return text -> {
      try {
        HttpAddress address = HttpAddress.parse(text);
        return address.tls() || HERE.contains(address.host())
            ? fit(text)
            : unfit("would send alerts in the clear", "write https://");
      } catch (IllegalArgumentException e) {
        return unfit(String.valueOf(e.getMessage()), "write https://HOST/PATH");
      }
    };
  }
}
