package io.cotidal.directory.compat;

import static io.cotidal.directory.compat.AutorepVariable.AUTOREP_CLUSTERING_DRIVER_MODULE;
import static io.cotidal.directory.compat.AutorepVariable.AUTOREP_REPLICATION_GRAPH_DRIVER_MODULE;
import static io.cotidal.directory.compat.AutorepVariable.AUTOREP_SOURCE_DRIVER_MODULE;
import static io.cotidal.directory.compat.AutorepVariable.AUTOREP_TARGET_DRIVER_MODULE;
import static io.cotidal.directory.compat.AutorepVariable.AUTOREP_UPDATE_PERIOD;
import static io.cotidal.directory.compat.AutorepVariable.LDAP_BIND_DN;
import static io.cotidal.directory.compat.AutorepVariable.LDAP_BIND_PASSWORD;
import static io.cotidal.directory.compat.AutorepVariable.LDAP_CA_CERTIFICATE;
import static io.cotidal.directory.compat.AutorepVariable.LDAP_PORT;
import static io.cotidal.directory.compat.AutorepVariable.LDAP_REPLICATED_BASE_DN;
import static io.cotidal.directory.compat.AutorepVariable.LDAP_REPLICATION_DN;
import static io.cotidal.directory.compat.AutorepVariable.LDAP_REPLICATION_PASSWORD;
import static io.cotidal.directory.compat.AutorepVariable.LDAP_USE_LDAPS;
import static io.cotidal.directory.compat.AutorepVariable.LDAP_USE_STARTTLS;
import static io.cotidal.directory.compat.AutorepVariable.RANCHER_AUTOREP_TARGET_SERVICE_NAME;
import static io.cotidal.directory.compat.AutorepVariable.RANCHER_METADATA_APIVERSION;
import static io.cotidal.directory.compat.AutorepVariable.RANCHER_REFERENCE_CONAINTER_MODE;
import static io.cotidal.directory.compat.AutorepVariable.RANCHER_REFERENCE_CONTAINER_MODE;

import io.cotidal.directory.spec.Access;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Guards;
import io.cotidal.directory.spec.Replication;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.spec.Topology;
import io.cotidal.model.Details;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads the original's environment. A variable that is set to nothing counts as not set. The
 * original needs those that it needs here; passwords have no default.
 */
public final class AutorepEnvironment {
  /** The name of the directory that the environment describes. */
  public static final ResourceId RESOURCE = new ResourceId("directory", "autorep");

  /** What the names of the original's agreements begin with. */
  public static final String ADOPTED = "meTo";

  /** The module that consults no other instance. */
  private static final String STANDALONE = "standalone";

  /** The module with which instances of one store take turns. */
  private static final String ELECTION = "election";

  private static final String RANCHER = "rancher";
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final Map<String, String> environment;
  private final Modules modules;
  private final List<String> problems = new ArrayList<>();
  private final AutorepValues values = new AutorepValues(problems);

  private AutorepEnvironment(Map<String, String> environment, Modules modules) {
    this.environment = environment;
    this.modules = modules;
  }

  /**
   * What the program has, by the words of the original's variables.
   *
   * @param targets kinds of servers
   * @param graphs topologies that need no parameter
   */
  public record Modules(SortedSet<String> targets, SortedSet<String> graphs) {
    /** Copies the words. */
    public Modules {
      targets = new TreeSet<>(targets);
      graphs = new TreeSet<>(graphs);
    }
  }

  /** What the environment comes to. */
  public sealed interface Reading {
    /**
     * It makes sense.
     *
     * @param report a line for each variable that is set, and for what follows from one that is not
     * @param warnings what an operator should know
     */
    record Valid(AutorepSettings settings, List<String> report, List<String> warnings)
        implements Reading {
      /** Copies the lines. */
      public Valid {
        report = List.copyOf(report);
        warnings = List.copyOf(warnings);
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
  public static Reading read(Map<String, String> environment, Modules modules) {
    AutorepEnvironment reader = new AutorepEnvironment(Map.copyOf(environment), modules);
    AutorepSettings settings = reader.settings();
    return reader.problems.isEmpty()
        ? new Reading.Valid(settings, reader.report(), reader.warnings())
        : new Reading.Invalid(reader.problems);
  }

  /** Whether any variable is set that only the original has: it is meant then. */
  public static boolean isMeant(Map<String, String> environment) {
    for (AutorepVariable variable : AutorepVariable.values()) {
      if (variable.own() && !environment.getOrDefault(variable.name(), "").isBlank()) {
        return true;
      }
    }
    return false;
  }

  private AutorepSettings settings() {
    Duration period =
        need(AUTOREP_UPDATE_PERIOD)
            .map(text -> Duration.ofSeconds(values.period(AUTOREP_UPDATE_PERIOD, text)))
            .orElse(Duration.ofSeconds(1));
    String _ = module(AUTOREP_SOURCE_DRIVER_MODULE, Set.of(RANCHER));
    String target = module(AUTOREP_TARGET_DRIVER_MODULE, modules.targets());
    String graph = module(AUTOREP_REPLICATION_GRAPH_DRIVER_MODULE, modules.graphs());
    String clustering =
        module(
            AUTOREP_CLUSTERING_DRIVER_MODULE,
            new TreeSet<>(Set.of(STANDALONE, ELECTION)).descendingSet());
    Security security = security();
    return new AutorepSettings(
        rancher(),
        text(LDAP_PORT).map(text -> values.port(LDAP_PORT, text)).orElse(0),
        clustering.equals(ELECTION),
        new DirectorySpec(
            RESOURCE,
            Mode.MANAGE,
            List.of(),
            target,
            distinguished(LDAP_REPLICATED_BASE_DN),
            new Topology(graph, Details.NONE),
            access(security),
            new Replication(
                security,
                0,
                distinguished(LDAP_REPLICATION_DN),
                new Secret(need(LDAP_REPLICATION_PASSWORD).orElse("")),
                Duration.ZERO,
                Duration.ZERO,
                ADOPTED),
            Guards.DEFAULT,
            period,
            DEADLINE));
  }

  private String module(AutorepVariable variable, Set<String> known) {
    return need(variable).map(text -> values.module(variable, text, known)).orElse("");
  }

  private String distinguished(AutorepVariable variable) {
    return need(variable).map(text -> values.name(variable, text)).orElse("");
  }

  private AutorepSettings.Rancher rancher() {
    List<String> service =
        need(RANCHER_AUTOREP_TARGET_SERVICE_NAME)
            .map(text -> values.service(RANCHER_AUTOREP_TARGET_SERVICE_NAME, text))
            .orElse(List.of("", "none"));
    AutorepVariable mode =
        text(RANCHER_REFERENCE_CONTAINER_MODE).isPresent()
            ? RANCHER_REFERENCE_CONTAINER_MODE
            : RANCHER_REFERENCE_CONAINTER_MODE;
    return new AutorepSettings.Rancher(
        need(RANCHER_METADATA_APIVERSION)
            .map(text -> values.version(RANCHER_METADATA_APIVERSION, text))
            .orElse(""),
        service.getFirst(),
        service.getLast(),
        need(mode)
            .map(text -> values.reference(mode, text))
            .orElse(AutorepSettings.Reference.CONTAINERIP));
  }

  private Security security() {
    boolean starttls = truth(LDAP_USE_STARTTLS);
    return truth(LDAP_USE_LDAPS) ? Security.LDAPS : starttls ? Security.STARTTLS : Security.PLAIN;
  }

  private boolean truth(AutorepVariable variable) {
    return text(variable).map(text -> values.truth(variable, text)).orElse(false);
  }

  private Access access(Security security) {
    Optional<String> password =
        text(LDAP_BIND_DN).isPresent() ? need(LDAP_BIND_PASSWORD) : Optional.empty();
    return new Access(
        security,
        text(LDAP_CA_CERTIFICATE)
            .map(text -> values.authorities(LDAP_CA_CERTIFICATE, text))
            .orElse(""),
        text(LDAP_BIND_DN).map(text -> values.name(LDAP_BIND_DN, text)).orElse(""),
        new Secret(password.orElse("")));
  }

  private Optional<String> need(AutorepVariable variable) {
    Optional<String> text = text(variable);
    if (text.isEmpty()) {
      values.missing(variable);
    }
    return text;
  }

  /** A password may begin or end with a blank; nothing else of the original's does. */
  private Optional<String> text(AutorepVariable variable) {
    return Optional.ofNullable(environment.get(variable.name()))
        .map(text -> variable.shown() ? text.strip() : text)
        .filter(text -> !text.isBlank());
  }

  private boolean plain() {
    return !truth(LDAP_USE_LDAPS) && !truth(LDAP_USE_STARTTLS);
  }

  private List<String> report() {
    List<String> lines = new ArrayList<>();
    for (AutorepVariable variable : AutorepVariable.values()) {
      lines.add(
          text(variable)
              .map(value -> line(variable, value))
              .orElse(variable + " is not set: " + variable.unset()));
    }
    return lines;
  }

  private String line(AutorepVariable variable, String value) {
    String head = variable.name() + "=" + (variable.shown() ? shown(value) : "***");
    return passedOver(variable)
        .map(why -> head + " is passed over: " + why)
        .orElse(head + " becomes " + variable.becomes());
  }

  private static String shown(String value) {
    return value.contains("-----BEGIN") ? "(PEM text)" : AutorepValues.line(value);
  }

  private Optional<String> passedOver(AutorepVariable variable) {
    return switch (variable) {
      case RANCHER_REFERENCE_CONAINTER_MODE ->
          text(RANCHER_REFERENCE_CONTAINER_MODE)
              .map(_ -> RANCHER_REFERENCE_CONTAINER_MODE + " is set");
      case LDAP_USE_STARTTLS ->
          truth(LDAP_USE_LDAPS) && truth(LDAP_USE_STARTTLS)
              ? Optional.of(LDAP_USE_LDAPS + " is set")
              : Optional.empty();
      case LDAP_CA_CERTIFICATE -> plain() ? Optional.of("no TLS is asked for") : Optional.empty();
      case LDAP_BIND_PASSWORD ->
          text(LDAP_BIND_DN).isEmpty()
              ? Optional.of(LDAP_BIND_DN + " is not set")
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (plain()) {
      warnings.add(
          "passwords and data cross the network in clear: set "
              + LDAP_USE_STARTTLS
              + " or "
              + LDAP_USE_LDAPS
              + " to true");
    }
    if (text(LDAP_BIND_DN).isEmpty()) {
      warnings.add(
          "Cotidal logs in anonymously, which servers seldom let see or change a replication: set "
              + LDAP_BIND_DN
              + " and "
              + LDAP_BIND_PASSWORD);
    }
    return warnings;
  }
}
