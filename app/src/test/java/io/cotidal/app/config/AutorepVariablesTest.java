package io.cotidal.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.directory.compat.AutorepVariable;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.model.Secret;
import io.cotidal.sources.spec.SourceSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What AutoRep's variables alone make of a daemon, variable by variable. */
@Timeout(30)
@DisplayName("a daemon with AutoRep's environment and no file")
final class AutorepVariablesTest {
  private static final String CERTIFICATE =
      """
      -----BEGIN CERTIFICATE-----
      MIIBejCCASGgAwIBAgIUeNnIkf61EMmUBM+ZGAGWXMMGQtQwCgYIKoZIzj0EAwIw
      EjEQMA4GA1UEAwwHZXhhbXBsZTAgFw0yNjExMjExNjI2MzlaGA8yMTI2MTAyODE2
      MjYzOVowEjEQMA4GA1UEAwwHZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEH
      A0IABBDDdc5xHJO7TZyxWZKewEZaNgLNOSeCLOuT/mFE2V+m5f/0Zw73d8hGR8Ly
      Yq7P2y5xheLKYPEdUz0I0TxToROjUzBRMB0GA1UdDgQWBBSmuYfv4trX0STe6EUF
      dQCBvulurTAfBgNVHSMEGDAWgBSmuYfv4trX0STe6EUFdQCBvulurTAPBgNVHRMB
      Af8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIE0EmegnDbf9bSQXWhitDRgsmQZs
      III7Wab/DiomAIoqAiBVgfVwdpFPKBBLarYrbCPGBVZ+OERhd49p21euxR/eGg==
      -----END CERTIFICATE-----
      """;

  /** Everything that the original needed, and nothing else. */
  private static final Map<String, String> LEAST =
      Map.ofEntries(
          Map.entry("AUTOREP_UPDATE_PERIOD", "30"),
          Map.entry("AUTOREP_SOURCE_DRIVER_MODULE", "rancher"),
          Map.entry("AUTOREP_TARGET_DRIVER_MODULE", "389ds"),
          Map.entry("AUTOREP_REPLICATION_GRAPH_DRIVER_MODULE", "fullmesh"),
          Map.entry("AUTOREP_CLUSTERING_DRIVER_MODULE", "standalone"),
          Map.entry("RANCHER_METADATA_APIVERSION", "2016-07-29"),
          Map.entry("RANCHER_AUTOREP_TARGET_SERVICE_NAME", "idm/ldap"),
          Map.entry("RANCHER_REFERENCE_CONAINTER_MODE", "containerip"),
          Map.entry("LDAP_REPLICATED_BASE_DN", "dc=example,dc=org"),
          Map.entry("LDAP_REPLICATION_DN", "cn=replication manager,cn=config"),
          Map.entry("LDAP_REPLICATION_PASSWORD", "hush-hush"));

  @TempDir private Path folder;

  /**
   * A variable and its effect.
   *
   * @param beside what is set with it, and without it too
   * @param effect what of the configuration it decides
   * @param unset what that is without it; null if that is an error
   * @param set what that is with it
   */
  record Row(
      AutorepVariable variable,
      Map<String, String> beside,
      String value,
      Function<Directories, Object> effect,
      Optional<Object> unset,
      Object set) {
    @Override
    public String toString() {
      return variable.name();
    }
  }

  private static Directories.Directory directory(Directories all) {
    assertThat(all.named()).hasSize(1);
    return all.named().getFirst();
  }

  private static Function<Directories, Object> spec(Function<DirectorySpec, Object> of) {
    return all -> of.apply(directory(all).spec());
  }

  private static Function<Directories, Object> rancher(Function<SourceSpec.Rancher, Object> of) {
    return all -> of.apply((SourceSpec.Rancher) directory(all).source().orElseThrow());
  }

  private static Row needed(
      AutorepVariable variable, String value, Function<Directories, Object> effect, Object set) {
    return new Row(variable, Map.of(), value, effect, Optional.empty(), set);
  }

  private static Row row(
      AutorepVariable variable,
      Map<String, String> beside,
      String value,
      Function<Directories, Object> effect,
      List<Object> unsetAndSet) {
    return new Row(
        variable,
        beside,
        value,
        effect,
        Optional.of(unsetAndSet.getFirst()),
        unsetAndSet.getLast());
  }

  static Stream<Row> rows() {
    Map<String, String> tls = Map.of("LDAP_USE_LDAPS", "true");
    Map<String, String> bound = Map.of("LDAP_BIND_DN", "cn=Directory Manager");
    Map<String, String> password = Map.of("LDAP_BIND_PASSWORD", "hush-hush");
    Secret hush = new Secret("hush-hush");
    String pem = CERTIFICATE;
    Function<Directories, Object> both =
        spec(spec -> spec.access().security().word() + " " + spec.replication().security().word());
    return Stream.of(
        needed(
            AutorepVariable.AUTOREP_UPDATE_PERIOD,
            "7",
            all -> List.of(period(all), directory(all).spec().tick()),
            List.of(Duration.ofSeconds(7), Duration.ofSeconds(7))),
        needed(
            AutorepVariable.AUTOREP_SOURCE_DRIVER_MODULE,
            "rancher",
            all -> directory(all).source().orElseThrow() instanceof SourceSpec.Rancher,
            true),
        needed(
            AutorepVariable.AUTOREP_TARGET_DRIVER_MODULE,
            "389ds",
            spec(DirectorySpec::target),
            "389ds"),
        needed(
            AutorepVariable.AUTOREP_REPLICATION_GRAPH_DRIVER_MODULE,
            "ring",
            spec(spec -> spec.topology().graph()),
            "ring"),
        needed(
            AutorepVariable.AUTOREP_CLUSTERING_DRIVER_MODULE,
            "election",
            Directories::alone,
            false),
        needed(
            AutorepVariable.RANCHER_METADATA_APIVERSION,
            "2015-12-19",
            rancher(SourceSpec.Rancher::version),
            "2015-12-19"),
        needed(
            AutorepVariable.RANCHER_AUTOREP_TARGET_SERVICE_NAME,
            "directory",
            rancher(SourceSpec.Rancher::service),
            "directory"),
        needed(
            AutorepVariable.RANCHER_REFERENCE_CONAINTER_MODE,
            "containername",
            rancher(source -> source.reference().name()),
            "NAME"),
        row(
            AutorepVariable.RANCHER_REFERENCE_CONTAINER_MODE,
            Map.of(),
            "containername",
            rancher(source -> source.reference().name()),
            List.of("ADDRESS", "NAME")),
        row(
            AutorepVariable.LDAP_PORT,
            Map.of(),
            "1389",
            all -> directory(all).port(),
            List.of(0, 1389)),
        row(
            AutorepVariable.LDAP_USE_LDAPS,
            Map.of(),
            "true",
            both,
            List.of("plain plain", "ldaps ldaps")),
        row(
            AutorepVariable.LDAP_USE_STARTTLS,
            Map.of(),
            "true",
            both,
            List.of("plain plain", "starttls starttls")),
        row(
            AutorepVariable.LDAP_CA_CERTIFICATE,
            tls,
            pem,
            spec(spec -> spec.access().authorities().strip()),
            List.of("", pem.strip())),
        row(
            AutorepVariable.LDAP_BIND_DN,
            password,
            "cn=Directory Manager",
            spec(spec -> spec.access().bindDn()),
            List.of("", "cn=Directory Manager")),
        new Row(
            AutorepVariable.LDAP_BIND_PASSWORD,
            bound,
            "hush-hush",
            spec(spec -> spec.access().password()),
            Optional.empty(),
            hush),
        needed(
            AutorepVariable.LDAP_REPLICATED_BASE_DN,
            "o=Ärzte\\, Inc,dc=x",
            spec(DirectorySpec::suffix),
            "o=Ärzte\\, Inc,dc=x"),
        needed(
            AutorepVariable.LDAP_REPLICATION_DN,
            "cn=other,cn=config",
            spec(spec -> spec.replication().bindDn()),
            "cn=other,cn=config"),
        needed(
            AutorepVariable.LDAP_REPLICATION_PASSWORD,
            "hush-hush",
            spec(spec -> spec.replication().password()),
            hush));
  }

  private static Duration period(Directories all) {
    return ((SourceSpec.Rancher) directory(all).source().orElseThrow()).habits().period();
  }

  private Loaded load(Map<String, String> environment) {
    return new ConfigurationReader(List.of(new DirectoriesSection()), Map.of(), environment, folder)
        .withSystem(folder.resolve("none"))
        .read(null);
  }

  private Configuration read(Map<String, String> environment) {
    Loaded loaded = load(environment);
    assertThat(loaded).as("%s", loaded).isInstanceOf(Loaded.Valid.class);
    return ((Loaded.Valid) loaded).configuration();
  }

  private List<String> problems(Map<String, String> environment) {
    Loaded loaded = load(environment);
    assertThat(loaded).as("%s", loaded).isInstanceOf(Loaded.Invalid.class);
    return ((Loaded.Invalid) loaded).problems().stream().map(Problem::toString).toList();
  }

  private static Map<String, String> least(Map<String, String> beside) {
    Map<String, String> environment = new HashMap<>(LEAST);
    environment.putAll(beside);
    return environment;
  }

  private static List<String> explained(Configuration configuration, AutorepVariable variable) {
    return configuration
        .explain()
        .lines()
        .filter(line ->
            line.startsWith("directory = " + variable + "=")
                || line.startsWith("directory = " + variable + " "))
        .toList();
  }

  @ParameterizedTest(name = "directory/E1: {0}")
  @MethodSource("rows")
  void effect(Row row) {
    // A shell that exports an empty variable sets none.
    for (String nothing : List.of("", " ")) {
      Map<String, String> environment = least(row.beside());
      environment.put(row.variable().name(), nothing);
      if (row.unset().isEmpty()) {
        assertThat(problems(environment))
            .singleElement()
            .asString()
            .contains(row.variable() + " is not set")
            .contains("see docs/autorep.md");
      } else {
        Configuration without = read(environment);
        assertThat(row.effect().apply(without.of(Directories.class))).isEqualTo(row.unset().get());
        assertThat(explained(without, row.variable()))
            .singleElement()
            .asString()
            .contains(" is not set: ")
            .endsWith("  # default");
      }
    }
    Map<String, String> environment = least(row.beside());
    environment.put(row.variable().name(), row.value());
    Configuration with = read(environment);
    assertThat(row.effect().apply(with.of(Directories.class))).isEqualTo(row.set());
    assertThat(explained(with, row.variable()))
        .singleElement()
        .asString()
        .contains(" becomes ")
        .endsWith("  # environment " + row.variable())
        .doesNotContain("hush-hush");
  }

  @Test
  @DisplayName("directory/E1: every variable is in the table")
  void complete() {
    Set<AutorepVariable> shown = rows().map(Row::variable).collect(Collectors.toSet());
    assertThat(shown).containsExactlyInAnyOrder(AutorepVariable.values());
  }

  @Test
  @DisplayName("directory/E2: all that is missing is said at once, and no password is made up")
  void missing() {
    assertThat(problems(Map.of("AUTOREP_UPDATE_PERIOD", "30", "LDAP_BIND_DN", "cn=x")))
        .hasSize(LEAST.size())
        .anyMatch(line -> line.contains("LDAP_BIND_PASSWORD is not set"))
        .anyMatch(line -> line.contains("LDAP_REPLICATION_PASSWORD is not set"))
        .noneMatch(line -> line.contains("AUTOREP_UPDATE_PERIOD"));
  }

  @Test
  @DisplayName("directory/E2: an unknown module lists those that are known")
  void unknown() {
    assertThat(
            problems(
                least(
                    Map.of(
                        "AUTOREP_SOURCE_DRIVER_MODULE", "etcd",
                        "AUTOREP_TARGET_DRIVER_MODULE", "edirectory",
                        "AUTOREP_REPLICATION_GRAPH_DRIVER_MODULE", "star",
                        "AUTOREP_CLUSTERING_DRIVER_MODULE", "raft"))))
        .hasSize(4)
        .anyMatch(line -> line.contains("'etcd'") && line.contains("use rancher;"))
        .anyMatch(line -> line.contains("'edirectory'") && line.contains("389ds, openldap"))
        .anyMatch(
            line -> line.contains("'star'") && line.contains("fullmesh") && line.contains("ring"))
        .anyMatch(line -> line.contains("'raft'") && line.contains("standalone, election"));
  }

  @Test
  @DisplayName(
      "directory/E2: what is no number, no name, no port, no word is refused; no secret shown")
  void wrong() {
    assertThat(
            problems(
                least(
                    Map.of(
                        "AUTOREP_UPDATE_PERIOD", "1.5",
                        "RANCHER_METADATA_APIVERSION", "../x",
                        "RANCHER_AUTOREP_TARGET_SERVICE_NAME", "a/b/c",
                        "RANCHER_REFERENCE_CONTAINER_MODE", "ip",
                        "LDAP_PORT", "99999",
                        "LDAP_USE_LDAPS", "ture",
                        "LDAP_CA_CERTIFICATE", "/nonexistent/ca.pem",
                        "LDAP_REPLICATED_BASE_DN", "example.org"))))
        .hasSize(8)
        .noneMatch(line -> line.contains("hush-hush"));
  }

  @Test
  @DisplayName("directory/E3: the authority may be text, text with escaped line ends, or a file")
  void authority() throws Exception {
    Path file = Files.writeString(folder.resolve("ca.pem"), CERTIFICATE);
    for (String value : List.of(CERTIFICATE, CERTIFICATE.replace("\n", "\\n"), file.toString())) {
      Configuration configuration =
          read(least(Map.of("LDAP_USE_STARTTLS", "true", "LDAP_CA_CERTIFICATE", value)));
      assertThat(
              directory(configuration.of(Directories.class)).spec().access().authorities().strip())
          .isEqualTo(CERTIFICATE.strip());
      assertThat(configuration.explain()).doesNotContain("MII");
    }
    Files.writeString(file, "nothing of the sort");
    assertThat(
            problems(
                least(Map.of("LDAP_USE_LDAPS", "true", "LDAP_CA_CERTIFICATE", file.toString()))))
        .singleElement()
        .asString()
        .contains("holds no certificate");
  }

  @Test
  @DisplayName("directory/E3: plain and anonymous are honoured, and warned of")
  void warned() {
    assertThat(read(LEAST).of(Directories.class).warnings())
        .anyMatch(line -> line.contains("in clear"))
        .anyMatch(line -> line.contains("anonymously"));
    Directories safe =
        read(least(
                Map.of(
                    "LDAP_USE_LDAPS", "true",
                    "LDAP_USE_STARTTLS", "true",
                    "LDAP_BIND_DN", "cn=Directory Manager",
                    "LDAP_BIND_PASSWORD", "hush-hush")))
            .of(Directories.class);
    assertThat(safe.warnings()).isEmpty();
    assertThat(directory(safe).spec().access().security().word()).isEqualTo("ldaps");
  }

  @Test
  @DisplayName(
      "directory/E3: the original's agreements are taken over, and what Cotidal adds has its own variables")
  void more() {
    Directories.Directory directory =
        directory(
            read(least(
                    Map.of(
                        "COT_DIRECTORY_GRACE", "3s",
                        "COT_RANCHER_METADATA_URL", "http://127.0.0.1:8080")))
                .of(Directories.class));
    assertThat(directory.spec().replication().adopted()).isEqualTo("meTo");
    assertThat(directory.spec().guards().grace()).isEqualTo(Duration.ofSeconds(3));
    assertThat(((SourceSpec.Rancher) directory.source().orElseThrow()).url())
        .isEqualTo("http://127.0.0.1:8080");
    assertThat(problems(least(Map.of("COT_DIRECTORY_GRACE", "3"))))
        .singleElement()
        .asString()
        .startsWith("environment COT_DIRECTORY_GRACE: ");
  }

  @Test
  @DisplayName("directory/E1: names that other programs use too do not mean this kind")
  void meant() {
    assertThat(new DirectoriesSection().meant(Map.of("LDAP_BIND_DN", "cn=x"))).isFalse();
    assertThat(new DirectoriesSection().meant(Map.of("AUTOREP_UPDATE_PERIOD", "3"))).isTrue();
  }
}
