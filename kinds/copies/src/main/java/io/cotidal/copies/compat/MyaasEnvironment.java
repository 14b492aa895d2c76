package io.cotidal.copies.compat;

import static io.cotidal.copies.compat.MyaasVariable.DOCKER_HOST;
import static io.cotidal.copies.compat.MyaasVariable.HOPS_DATA_DIR;
import static io.cotidal.copies.compat.MyaasVariable.HOPS_DUMP_DIR;
import static io.cotidal.copies.compat.MyaasVariable.HOST_NAME;
import static io.cotidal.copies.compat.MyaasVariable.MYAAS_BACKEND;
import static io.cotidal.copies.compat.MyaasVariable.MYAAS_BASE_DIR;
import static io.cotidal.copies.compat.MyaasVariable.MYAAS_CONTAINER_TTL;
import static io.cotidal.copies.compat.MyaasVariable.MYAAS_DB_DATABASE;
import static io.cotidal.copies.compat.MyaasVariable.MYAAS_DB_PASSWORD;
import static io.cotidal.copies.compat.MyaasVariable.MYAAS_DB_USERNAME;
import static io.cotidal.copies.compat.MyaasVariable.MYAAS_DEBUG;
import static io.cotidal.copies.compat.MyaasVariable.MYAAS_DOCKER_HOST;
import static io.cotidal.copies.compat.MyaasVariable.MYAAS_HOSTNAME;
import static io.cotidal.copies.compat.MyaasVariable.MYAAS_MEMORY_LIMIT;
import static io.cotidal.copies.compat.MyaasVariable.MYAAS_MYSQL_IMAGE;
import static io.cotidal.copies.compat.MyaasVariable.MYAAS_POSTGRES_IMAGE;
import static io.cotidal.copies.compat.MyaasVariable.MYAAS_PREFIX;
import static io.cotidal.copies.compat.MyaasVariable.MYSQL_DATABASE;
import static io.cotidal.copies.compat.MyaasVariable.MYSQL_DOCKER_IMAGE;
import static io.cotidal.copies.compat.MyaasVariable.MYSQL_ROOT_PASSWORD;

import io.cotidal.model.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the original's environment. Its newer variables go before the older ones; which defaults
 * hold follows from whether any of the newer is set. A variable that is set to nothing counts as
 * not set.
 */
public final class MyaasEnvironment {
  /** The original's documentation names them, so everybody knows them. */
  private static final Set<String> PUBLISHED = Set.of("jiberish", "myaas");

  private final Map<String, String> environment;
  private final boolean newer;
  private final List<String> problems = new ArrayList<>();
  private final MyaasValues values = new MyaasValues(problems);

  private MyaasEnvironment(Map<String, String> environment) {
    this.environment = environment;
    this.newer =
        environment.entrySet().stream()
            .anyMatch(it -> it.getKey().startsWith("MYAAS_") && !it.getValue().isBlank());
  }

  /** What the environment comes to. */
  public sealed interface Reading {
    /**
     * It makes sense.
     *
     * @param report a line for each variable that is set, and for what follows from one that is not
     */
    record Valid(MyaasSettings settings, List<String> report) implements Reading {
      /** Copies the lines. */
      public Valid {
        report = List.copyOf(report);
      }
    }

    /**
     * It does not.
     *
     * @param problems all of them, a line each; without secrets
     */
    record Invalid(List<String> problems) implements Reading {
      /** Copies the lines. */
      public Invalid {
        problems = List.copyOf(problems);
      }
    }
  }

  /** Reads {@code environment}; what is none of the original's variables is passed over. */
  public static Reading read(Map<String, String> environment) {
    MyaasEnvironment reader = new MyaasEnvironment(Map.copyOf(environment));
    MyaasSettings settings = reader.settings();
    return reader.problems.isEmpty()
        ? new Reading.Valid(settings, reader.report())
        : new Reading.Invalid(reader.problems);
  }

  /** Whether any of the original's variables, but Docker's own, is set: it is meant then. */
  public static boolean isMeant(Map<String, String> environment) {
    for (MyaasVariable variable : MyaasVariable.values()) {
      boolean own = variable.age() != MyaasVariable.Age.BOTH;
      if (own && !environment.getOrDefault(variable.name(), "").isBlank()) {
        return true;
      }
    }
    return false;
  }

  private MyaasSettings settings() {
    return new MyaasSettings(
        database(),
        folders(),
        service(),
        values.ttl(MYAAS_CONTAINER_TTL, text(MYAAS_CONTAINER_TTL).orElse(newer ? "86400" : "0")),
        values.truth(MYAAS_DEBUG, text(MYAAS_DEBUG).orElse("False")));
  }

  private boolean postgres() {
    return text(MYAAS_BACKEND).filter("myaas.backends.postgres"::equals).isPresent();
  }

  private MyaasSettings.Database database() {
    Optional<String> backend = text(MYAAS_BACKEND);
    if (backend.isPresent() && !postgres() && !backend.get().equals("myaas.backends.mysql")) {
      values.wrong(
          MYAAS_BACKEND, backend.get(), "write myaas.backends.mysql or myaas.backends.postgres");
    }
    MyaasVariable name = set(MYAAS_DB_DATABASE, MYSQL_DATABASE);
    MyaasVariable password = set(MYAAS_DB_PASSWORD, MYSQL_ROOT_PASSWORD);
    return new MyaasSettings.Database(
        postgres() ? "postgres" : "mariadb",
        values.database(name, text(name).orElse("default")),
        values.user(MYAAS_DB_USERNAME, text(MYAAS_DB_USERNAME).orElse("myaas")),
        text(password).map(secret -> values.password(password, new Secret(secret))),
        values.megabytes(MYAAS_MEMORY_LIMIT, text(MYAAS_MEMORY_LIMIT)));
  }

  private MyaasSettings.Folders folders() {
    Optional<String> base = text(MYAAS_BASE_DIR);
    boolean hops = base.isEmpty() && (!newer || text(HOPS_DATA_DIR).isPresent());
    Path volume;
    if (hops) {
      volume = values.folder(HOPS_DATA_DIR, text(HOPS_DATA_DIR).orElse("/opt/hops/db/data"));
      // Links lie in VOLUME/data, which is then the very folder that was named.
      Path parent = volume.getParent();
      volume = parent != null && volume.endsWith("data") ? parent : volume;
    } else {
      volume = values.folder(MYAAS_BASE_DIR, base.orElse("/myaas"));
    }
    Optional<String> dumps = base.isPresent() ? Optional.empty() : text(HOPS_DUMP_DIR);
    Path usual =
        newer
            ? values.folder(MYAAS_BASE_DIR, base.orElse("/myaas")).resolve("dumps")
            : Path.of("/opt/hops/db/dumps");
    return new MyaasSettings.Folders(
        volume, dumps.map(text -> values.folder(HOPS_DUMP_DIR, text)).orElse(usual));
  }

  private MyaasSettings.Service service() {
    MyaasVariable image =
        postgres() ? MYAAS_POSTGRES_IMAGE : set(MYAAS_MYSQL_IMAGE, MYSQL_DOCKER_IMAGE);
    String usual =
        postgres()
            ? MYAAS_POSTGRES_IMAGE.unset()
            : (newer ? MYAAS_MYSQL_IMAGE : MYSQL_DOCKER_IMAGE).unset();
    MyaasVariable host = set(MYAAS_HOSTNAME, HOST_NAME);
    String told = values.host(host, text(host).orElse("localhost"));
    MyaasVariable docker = set(MYAAS_DOCKER_HOST, DOCKER_HOST);
    boolean here = here(told);
    requirePassword(told);
    return new MyaasSettings.Service(
        values.image(image, text(image).orElse(usual)),
        values.socket(docker, text(docker).orElse(DOCKER_HOST.unset())),
        here ? "127.0.0.1" : "0.0.0.0",
        told,
        values.prefix(MYAAS_PREFIX, text(MYAAS_PREFIX).orElse("myaas-")));
  }

  private static boolean here(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
  }

  /** Who can reach copies from elsewhere must not also know their password from the manual. */
  private void requirePassword(String host) {
    MyaasVariable variable = set(MYAAS_DB_PASSWORD, MYSQL_ROOT_PASSWORD);
    if (!here(host) && text(variable).filter(PUBLISHED::contains).isPresent()) {
      values.wrong(
          variable,
          "",
          "it stands in the original's documentation, and "
              + set(MYAAS_HOSTNAME, HOST_NAME)
              + " lets others reach the copies: leave it out for random ones, or choose another");
    }
  }

  /** The one of the two that counts. */
  private MyaasVariable set(MyaasVariable first, MyaasVariable second) {
    return text(first).isPresent() || text(second).isEmpty() ? first : second;
  }

  private Optional<String> text(MyaasVariable variable) {
    return Optional.ofNullable(environment.get(variable.name()))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  private List<String> report() {
    List<String> lines = new ArrayList<>();
    for (MyaasVariable variable : MyaasVariable.values()) {
      text(variable).ifPresent(value -> lines.add(line(variable, value)));
    }
    if (text(set(MYAAS_DB_PASSWORD, MYSQL_ROOT_PASSWORD)).isEmpty()) {
      lines.add("MYAAS_DB_PASSWORD is not set: each copy has a random password of its own");
    }
    if (text(set(MYAAS_HOSTNAME, HOST_NAME)).isEmpty()) {
      lines.add("MYAAS_HOSTNAME is not set: copies are reached from this host only");
    }
    return lines;
  }

  private String line(MyaasVariable variable, String value) {
    String head = variable.name() + "=" + (variable.shown() ? MyaasValues.line(value) : "***");
    Optional<String> lifted = variable.lifted();
    if (lifted.isPresent()) {
      return head + " has no effect: " + lifted.get();
    }
    Optional<MyaasVariable> other = passedOverFor(variable);
    if (other.isPresent()) {
      return head + " is passed over: " + other.get() + " is set";
    }
    if (!variable.shown()) {
      return head
          + " is the password of every copy"
          + (PUBLISHED.contains(value)
              ? ", and everybody knows it: it stands in the original's documentation"
              : ": whoever has one copy can open all; leave it out for random ones");
    }
    boolean others =
        (variable == MYAAS_HOSTNAME || variable == HOST_NAME) && !here(MyaasValues.line(value));
    return head
        + " becomes "
        + variable.becomes()
        + (others ? "; copies listen on every address of this host, with TLS alone" : "");
  }

  /** The variable that goes before {@code variable}, if it is set. */
  private Optional<MyaasVariable> passedOverFor(MyaasVariable variable) {
    Optional<MyaasVariable> before =
        switch (variable) {
          case HOST_NAME -> Optional.of(MYAAS_HOSTNAME);
          case MYSQL_DOCKER_IMAGE -> Optional.of(postgres() ? MYAAS_BACKEND : MYAAS_MYSQL_IMAGE);
          case MYAAS_MYSQL_IMAGE -> postgres() ? Optional.of(MYAAS_BACKEND) : Optional.empty();
          case MYSQL_ROOT_PASSWORD -> Optional.of(MYAAS_DB_PASSWORD);
          case MYSQL_DATABASE -> Optional.of(MYAAS_DB_DATABASE);
          case HOPS_DATA_DIR, HOPS_DUMP_DIR -> Optional.of(MYAAS_BASE_DIR);
          case DOCKER_HOST -> Optional.of(MYAAS_DOCKER_HOST);
          default -> Optional.empty();
        };
    return before.filter(it -> text(it).isPresent());
  }
}
