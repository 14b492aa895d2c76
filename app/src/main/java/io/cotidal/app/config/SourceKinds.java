package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.model.Secret;
import io.cotidal.remote.http.HttpAddress;
import io.cotidal.sources.roll.Admission;
import io.cotidal.sources.roll.Reference;
import io.cotidal.sources.spec.Habits;
import io.cotidal.sources.spec.SourceSpec;
import io.cotidal.sources.spec.WebServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Reads the sources of each kind. Each section is closed here. */
final class SourceKinds {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final Map<String, Admission> ADMISSIONS =
      Map.of(
          "newcomers", Admission.NEWCOMERS,
          "anybody", Admission.ANYBODY,
          "the-well", Admission.THE_WELL);

  private static final Map<String, Reference> REFERENCES =
      Map.of("containerip", Reference.ADDRESS, "containername", Reference.NAME);

  private final Secrets secrets;
  private final Duration period;

  SourceKinds(Secrets secrets, Duration period) {
    this.secrets = secrets;
    this.period = period.compareTo(HOUR) > 0 ? HOUR : period;
  }

  Optional<SourceSpec> file(Section section) {
    Optional<Path> path =
        section.need(
            "path", Forms.absolutePath(), Optional.empty(), "write the absolute path of a file");
    Habits habits = habits(section);
    section.close();
    return path.flatMap(each -> made(section, "path", () -> new SourceSpec.File(each, habits)));
  }

  Optional<SourceSpec> http(Section section) {
    Optional<WebServer> server = server(section, Optional.empty());
    Habits habits = habits(section);
    section.closeDiscreetly();
    return server.map(each -> new SourceSpec.Http(each, habits));
  }

  Optional<SourceSpec> dns(Section section) {
    Optional<List<String>> names =
        section.need("names", words(), Optional.empty(), "write names: NAME, NAME");
    SourceSpec.Dns.Records records =
        section.get(
            "records",
            Forms.word(SourceSpec.Dns.Records.class),
            Value.standard(SourceSpec.Dns.Records.SRV, "srv"));
    int port = port(section);
    List<String> servers =
        section.get("servers", words(), Value.standard(List.of(), "(this machine's)"));
    Habits habits = habits(section);
    section.close();
    return names.flatMap(each ->
        made(section, "names", () -> new SourceSpec.Dns(each, records, port, servers, habits)));
  }

  Optional<SourceSpec> rancher(Section section) {
    String url =
        section.get("url", url(), Value.standard(SourceSpec.Rancher.URL, SourceSpec.Rancher.URL));
    String version = section.get("version", line(), Value.standard("2016-07-29", "2016-07-29"));
    Optional<String> service =
        section.need("service", line(), Optional.empty(), "write service: STACK/SERVICE");
    Reference reference =
        section.get(
            "reference", word(REFERENCES), Value.standard(Reference.ADDRESS, "containerip"));
    SourceSpec.RancherFilter filter =
        new SourceSpec.RancherFilter(
            port(section),
            Set.copyOf(section.get("states", words(), Value.standard(List.of(), "(every)"))),
            Set.copyOf(section.get("healths", words(), Value.standard(List.of(), "(every)"))),
            admission(section));
    Habits habits = habits(section);
    section.close();
    return service.flatMap(each ->
        made(
            section,
            "service",
            () -> new SourceSpec.Rancher(url, version, each, reference, filter, habits)));
  }

  Optional<SourceSpec> consul(Section section) {
    Optional<WebServer> server =
        server(
            section, Optional.of(Value.standard("http://127.0.0.1:8500", "http://127.0.0.1:8500")));
    Optional<String> service =
        section.need("service", line(), Optional.empty(), "write service: NAME");
    String tag = section.get("tag", line(), Value.standard("", "(any)"));
    String datacentre = section.get("datacentre", line(), Value.standard("", "(the agent's own)"));
    Admission admission = admission(section);
    Habits habits = habits(section);
    section.closeDiscreetly();
    return server.flatMap(at ->
        service.map(each -> new SourceSpec.Consul(at, each, tag, datacentre, admission, habits)));
  }

  Optional<SourceSpec> docker(Section section) {
    Path socket =
        section.get(
            "socket",
            Forms.absolutePath(),
            Value.standard(SourceSpec.Docker.SOCKET, SourceSpec.Docker.SOCKET.toString()));
    Optional<List<String>> labels =
        section.need("labels", words(), Optional.empty(), "write labels: NAME or NAME=VALUE");
    Reference reference =
        section.get(
            "reference", word(REFERENCES), Value.standard(Reference.ADDRESS, "containerip"));
    String network = section.get("network", line(), Value.standard("", "(the only one)"));
    int port = port(section);
    Admission admission = admission(section);
    Habits habits = habits(section);
    section.close();
    return labels.flatMap(each ->
        made(
            section,
            "labels",
            () ->
                new SourceSpec.Docker(
                    socket,
                    each,
                    reference,
                    Optional.of(network).filter(text -> !text.isEmpty()),
                    port,
                    admission,
                    habits)));
  }

  Optional<SourceSpec> kubernetes(Section section) {
    String standard = "https://kubernetes.default.svc";
    Path account = SourceSpec.Kubernetes.ACCOUNT;
    String url = section.get("url", url(), Value.standard(standard, standard));
    Path authorities =
        section.get(
            "ca",
            Forms.absolutePath(),
            Value.standard(account.resolve("ca.crt"), account.resolve("ca.crt").toString()));
    Path token =
        section.get(
            "token-file",
            Forms.absolutePath(),
            Value.standard(account.resolve("token"), account.resolve("token").toString()));
    String namespace = section.get("namespace", line(), Value.standard("default", "default"));
    Optional<String> service =
        section.need("service", line(), Optional.empty(), "write service: NAME");
    String portName = section.get("port-name", line(), Value.standard("", "(the only one)"));
    Reference reference =
        section.get(
            "reference",
            word(Map.of("address", Reference.ADDRESS, "name", Reference.NAME)),
            Value.standard(Reference.ADDRESS, "address"));
    String family = section.get("family", line(), Value.standard("IPv4", "IPv4"));
    Admission admission = admission(section);
    Habits habits = habits(section);
    section.close();
    return service.flatMap(each ->
        made(
            section,
            "service",
            () ->
                new SourceSpec.Kubernetes(
                    WebServer.at(url).trusting(authorities),
                    token,
                    namespace,
                    each,
                    portName,
                    reference,
                    family,
                    admission,
                    habits)));
  }

  private Optional<WebServer> server(Section section, Optional<Value<String>> standard) {
    Optional<String> url = section.need("url", url(), standard, "write url: http://HOST:PORT/PATH");
    Optional<Secret> token =
        section.has("token") ? section.secret("token", secrets) : Optional.empty();
    Optional<Path> authorities =
        section.has("ca")
            ? section.need("ca", Forms.absolutePath(), Optional.empty(), "")
            : Optional.empty();
    return url.map(each -> new WebServer(HttpAddress.parse(each), token, authorities));
  }

  /** What a source itself refuses is told at the key that it is about. */
  private static Optional<SourceSpec> made(
      Section section, String key, Supplier<SourceSpec> making) {
    try {
      return Optional.of(making.get());
    } catch (IllegalArgumentException e) {
      section.problem(key, String.valueOf(e.getMessage()), "see docs/directory.md");
      return Optional.empty();
    }
  }

  private Habits habits(Section section) {
    return new Habits(
        section.get("period", Forms.duration(SECOND, HOUR), Value.standard(period, "(as tick)")),
        section.get(
            "timeout",
            Forms.duration(SECOND, Duration.ofMinutes(1)),
            Value.standard(TIMEOUT, Durations.show(TIMEOUT))),
        section.get("believe-empty", Forms.flag(), Value.standard(false, "false")));
  }

  private static Admission admission(Section section) {
    return section.get(
        "admission", word(ADMISSIONS), Value.standard(Admission.NEWCOMERS, "newcomers"));
  }

  private static int port(Section section) {
    return section.get("port", Forms.whole(1, 65_535), Value.standard(0, "(that of access)"));
  }

  private static <T> Form<T> word(Map<String, T> words) {
    return text -> {
      T found = words.get(text);
      return found == null
          ? unfit(
              Quote.of(text) + " is not known",
              "write one of " + String.join(", ", words.keySet().stream().sorted().toList()))
          : fit(found);
    };
  }

  private static Form<String> line() {
    return text ->
        !text.isBlank() && text.length() <= 253 && text.chars().noneMatch(Character::isISOControl)
            ? fit(text)
            : unfit(Quote.of(text) + " is no name", "write one line of at most 253 characters");
  }

  private static Form<List<String>> words() {
    return text -> {
      List<String> words =
          Arrays.stream(text.split(","))
              .map(String::strip)
              .filter(each -> !each.isEmpty())
              .toList();
      return words.isEmpty() || text.chars().anyMatch(Character::isISOControl)
          ? unfit(Quote.of(text) + " names nothing", "write words with commas between them")
          : fit(words);
    };
  }

  /** Reasons do not quote it: it might hold a password by mistake. */
  static Form<String> url() {
    return text -> {
      try {
        HttpAddress _ = HttpAddress.parse(text);
        return fit(text);
      } catch (IllegalArgumentException e) {
        return unfit("is no address: " + e.getMessage(), "write for example http://10.0.0.1/list");
      }
    };
  }
}
