package io.cotidal.app.config;

import io.cotidal.model.Secret;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Flags, environment and the file's text to a {@link Configuration}. Reads no file; what does is
 * passed in.
 */
final class ConfigurationParser {
  private static final String STORE = "sqlite:var/cotidal.db";
  private static final String PASSWORD = "store-password";

  private final List<KindSection<?>> kinds;
  private final Map<String, String> flags;
  private final Map<String, String> environment;
  private final Path workingFolder;

  /**
   * Parses with these beside the file.
   *
   * @param kinds whose sections there may be
   * @param flags by name, without dashes: {@code listen}, {@code store}
   * @param workingFolder what relative paths in flags, environment and defaults begin at
   */
  ConfigurationParser(
      List<KindSection<?>> kinds,
      Map<String, String> flags,
      Map<String, String> environment,
      Path workingFolder) {
    this.kinds = kinds;
    this.flags = flags;
    this.environment = environment;
    this.workingFolder = workingFolder;
  }

  /**
   * Reads {@code text}.
   *
   * @param file what messages call it
   * @param folder what relative paths in it begin at
   */
  Loaded parse(String file, String text, Path folder, Secrets secrets) {
    Report report = new Report();
    Optional<Tree> tree = YamlReader.read(file, text, report);
    Tree.Mapping top = Tree.Mapping.none(1);
    if (tree.isPresent()) {
      if (tree.get() instanceof Tree.Mapping mapping) {
        top = mapping;
      } else {
        report.problem(
            Place.line(file, tree.get().line()),
            "",
            "must be a mapping, is " + tree.get().what(),
            "begin with listen:, store:, " + keys());
      }
    }
    Section root = new Section(file, report, "", top);
    InetSocketAddress listen = listen(root, report);
    StorePlace store = store(root, report, folder, secrets);
    Configuration.Company company = company(root, report);
    boolean anonymous = anonymousMetrics(root, report);
    KindSection.Given given = new KindSection.Given(environment, secrets, report);
    Map<Class<?>, Object> parts = new HashMap<>();
    parts.put(Authentication.class, new AuthenticationSection(root, secrets).read());
    kinds.forEach(kind -> parts.put(kind.part(), kind.read(root, given)));
    refuseLater(root);
    root.close();
    return report.sound()
        ? new Loaded.Valid(
            new Configuration(listen, store, company, anonymous, parts, report.values()))
        : new Loaded.Invalid(report.problems(file));
  }

  private InetSocketAddress listen(Section root, Report report) {
    InetSocketAddress standard = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 7400);
    return choose(
        report,
        root.path("listen"),
        given(report, "listen", "listen", "COT_LISTEN", Forms.listen()),
        root.find("listen", Forms.listen()),
        Value.standard(standard, "127.0.0.1:7400"));
  }

  private StorePlace store(Section root, Report report, Path folder, Secrets secrets) {
    Path state = state(root, report, folder);
    Path standard = workingFolder.resolve(STORE.substring("sqlite:".length())).normalize();
    StorePlace place =
        choose(
            report,
            root.path("store"),
            given(report, "store", "store", "COT_STORE", new StoreForm(workingFolder, state)),
            root.find("store", new StoreForm(folder, state)),
            Value.standard(new StorePlace.File(standard), STORE));
    Optional<Secret> written =
        root.has(PASSWORD) ? root.secret(PASSWORD, secrets) : Optional.empty();
    Optional<Secret> password = outsideSecret(report, secrets).or(() -> written);
    return place instanceof StorePlace.Server server && password.isPresent()
        ? server.with(password.get())
        : place;
  }

  private Path state(Section root, Report report, Path folder) {
    Form<Path> form =
        text ->
            Forms.path(text)
                .<Form.Read<Path>>map(path -> Form.fit(folder.resolve(path).normalize()))
                .orElseGet(() -> Form.unfit("is not a path", "write the path of a folder"));
    return choose(
        report,
        root.path("state-folder"),
        Optional.empty(),
        root.find("state-folder", form),
        Value.standard(folder.resolve("var"), "var"));
  }

  /** The variable holds a reference, as the file would. */
  private Optional<Secret> outsideSecret(Report report, Secrets secrets) {
    String reference = environment.get("COT_STORE_PASSWORD");
    if (reference == null || reference.isEmpty()) {
      return Optional.empty();
    }
    Place place = Place.environment("COT_STORE_PASSWORD");
    return switch (secrets.resolve(reference)) {
      case Form.Read.Fit<Secret> fit -> {
        report.value(PASSWORD, "*** (" + Quote.line(reference) + ")", place);
        yield Optional.of(fit.value());
      }
      case Form.Read.Unfit<Secret> unfit -> {
        report.problem(place, PASSWORD, unfit.reason(), unfit.remedy());
        yield Optional.empty();
      }
    };
  }

  private Configuration.Company company(Section root, Report report) {
    boolean accepts =
        choose(
            report,
            root.path("accept-commands"),
            given(
                report, "accept-commands", "accept-commands", "COT_ACCEPT_COMMANDS", Forms.flag()),
            root.find("accept-commands", Forms.flag()),
            Value.standard(true, "true"));
    Duration lease =
        root.get(
            "lease",
            Forms.duration(Duration.ofSeconds(1), Duration.ofMinutes(1)),
            Value.standard(Duration.ofSeconds(3), "3s"));
    return new Configuration.Company(accepts, lease);
  }

  private boolean anonymousMetrics(Section root, Report report) {
    String path = "metrics.anonymous";
    Optional<Section> metrics = root.section("metrics");
    Optional<Value<Boolean>> written =
        metrics.flatMap(section -> section.find("anonymous", Forms.flag()));
    metrics.ifPresent(Section::close);
    return choose(
        report,
        path,
        given(report, path, "metrics-anonymous", "COT_METRICS_ANONYMOUS", Forms.flag()),
        written,
        Value.standard(false, "false"));
  }

  /** What a flag says, else what the environment says. */
  private <T> Optional<Value<T>> given(
      Report report, String path, String flag, String variable, Form<T> form) {
    Optional<Value<T>> byFlag = outside(report, path, flags.get(flag), Place.flag(flag), form);
    Optional<Value<T>> byEnvironment =
        outside(report, path, environment.get(variable), Place.environment(variable), form);
    return byFlag.or(() -> byEnvironment);
  }

  private static <T> Optional<Value<T>> outside(
      Report report, String path, @Nullable String text, Place place, Form<T> form) {
    // An empty variable is how a shell or a unit file says that there is none.
    if (text == null || text.isEmpty()) {
      return Optional.empty();
    }
    return switch (form.read(text)) {
      case Form.Read.Fit<T> fit -> Optional.of(new Value<>(fit.value(), Quote.line(text), place));
      case Form.Read.Unfit<T> unfit -> {
        report.problem(place, path, unfit.reason(), unfit.remedy());
        yield Optional.empty();
      }
    };
  }

  private static <T> T choose(
      Report report,
      String path,
      Optional<Value<T>> given,
      Optional<Value<T>> written,
      Value<T> standard) {
    Value<T> chosen = given.or(() -> written).orElse(standard);
    report.value(path, chosen.shown(), chosen.place());
    return chosen.value();
  }

  /** The kinds' keys as a sentence has them. */
  private String keys() {
    List<String> keys = kinds.stream().map(kind -> kind.key() + ":").toList();
    int last = keys.size() - 1;
    return last == 0
        ? keys.getFirst()
        : String.join(", ", keys.subList(0, last)) + " or " + keys.get(last);
  }

  private void refuseLater(Section root) {
    if (root.has("tls")) {
      root.problem("tls", "TLS is not available yet", "remove it and listen on a loopback address");
    }
  }
}
