package io.cotidal.lab.swift;

import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.swift.SwiftOptions.Setting;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real Keystone on loopback, with a database and keys of its own: no token of it is good at
 * another one. It knows the roles that Swift asks for, and nobody but its administrator and Swift.
 * Names of users and projects are each there once, whatever their domain.
 */
public final class Keystone {
  /** Owns the account of its project, as Swift's {@code operator_roles} has it. */
  public static final String OPERATOR = "swiftoperator";

  /** May do everything in every account. */
  public static final String RESELLER = "ResellerAdmin";

  /** The project that services come in. */
  public static final String SERVICE = "service";

  private static final Path MODULES = Path.of("/usr/lib/python3/dist-packages");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** So long a site takes a token without asking again. */
  private static final Duration REMEMBERED = Duration.ofSeconds(2);

  /** So much of its log an error shows. */
  private static final int LOG = 3_000;

  private static final String ADMIN = "admin";

  /** The id of the domain that is there from the beginning, and is called {@code Default}. */
  private static final String DOMAIN = "default";

  private static final Secret ADMIN_PASSWORD = new Secret("admin-of-keystone");

  /** As whom Swift asks whose a token is. */
  private static final Login SWIFT = new Login("swift", new Secret("swift-of-the-lab"), SERVICE);

  private final KeystoneFiles files;
  private final int port;
  private final RawHttp http;
  private final LabProgram program;
  private String token = "";

  /**
   * Somebody who asks for a token.
   *
   * @param project by its name, for which the token is
   */
  public record Login(String user, Secret password, String project) {}

  private Keystone(ServerRegistry registry, String name) throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(missing.get());
    }
    this.files = KeystoneFiles.make(registry, name);
    this.port = registry.port();
    this.http = new RawHttp(address(), PATIENCE);
    this.program =
        LabProgram.start(
            registry,
            "the Keystone " + name,
            List.of(LabProgram.PYTHON.toString(), files.program().toString()),
            files.log());
  }

  /** Why none can be run here, with the remedy; empty if one can. */
  public static Optional<String> missing() {
    return Files.isDirectory(MODULES.resolve("keystone"))
            && Files.isDirectory(MODULES.resolve("keystonemiddleware"))
            && Files.isExecutable(LabProgram.PYTHON)
        ? Optional.empty()
        : Optional.of(
            "OpenStack Keystone is not installed: apt-get install python3-keystone python3-keystonemiddleware");
  }

  /** Makes one and starts it; it ends with the lab. */
  public static Keystone start(ServerRegistry registry, String name) throws IOException {
    Keystone keystone = started(new Keystone(registry, name));
    keystone.role(OPERATOR);
    keystone.role(RESELLER);
    keystone.project(SERVICE);
    keystone.user(SWIFT.user(), SWIFT.password());
    keystone.grant(SWIFT.user(), SERVICE, ADMIN);
    return keystone;
  }

  /**
   * Makes and starts one from a copy of another one's database: projects and users are the same,
   * under the same ids, and tokens are not.
   */
  public static Keystone like(Keystone other, ServerRegistry registry, String name)
      throws IOException {
    Keystone keystone = new Keystone(registry, name);
    keystone.tell("take", keystone.files.folder().toString(), other.files.folder().toString());
    return started(keystone);
  }

  private static Keystone started(Keystone keystone) throws IOException {
    String folder = keystone.files.folder().toString();
    keystone.tell("make", folder, keystone.url().toString(), ADMIN_PASSWORD.reveal());
    keystone.tell("serve", folder, Integer.toString(keystone.port));
    keystone.token = keystone.token(new Login(ADMIN, ADMIN_PASSWORD, ADMIN));
    return keystone;
  }

  private void tell(String... words) throws IOException {
    program.ask(Deadline.in(PATIENCE), words);
  }

  /** Where it answers. */
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** The same with the version, as its clients are told. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port + "/v3");
  }

  /**
   * A site whose proxy asks this one who somebody is. It remembers for two seconds that a token is
   * good: not for longer is one taken that was revoked.
   */
  public SwiftOptions guard(SwiftOptions options) {
    String pipeline =
        SwiftFiles.PIPELINE.replace("s3api " + SwiftFiles.AUTH, "authtoken keystoneauth");
    String token = "filter:authtoken";
    Map<String, String> lines =
        Map.ofEntries(
            Map.entry("paste.filter_factory", "keystonemiddleware.auth_token:filter_factory"),
            Map.entry("www_authenticate_uri", url().toString()),
            Map.entry("auth_url", url().toString()),
            Map.entry("auth_type", "password"),
            Map.entry("username", SWIFT.user()),
            Map.entry("password", SWIFT.password().reveal()),
            Map.entry("project_name", SWIFT.project()),
            Map.entry("user_domain_name", "Default"),
            Map.entry("project_domain_name", "Default"),
            Map.entry("interface", "public"),
            Map.entry("service_token_roles_required", "true"),
            Map.entry("include_service_catalog", "false"),
            Map.entry("token_cache_time", Long.toString(REMEMBERED.toSeconds())),
            Map.entry("delay_auth_decision", "true"));
    SwiftOptions guarded =
        options
            .with(new Setting("proxy-server", "pipeline:main", "pipeline", pipeline))
            .with(
                new Setting("proxy-server", "filter:keystoneauth", "use", "egg:swift#keystoneauth"))
            .with(
                new Setting(
                    "proxy-server", "filter:keystoneauth", "operator_roles", "admin, " + OPERATOR));
    for (Map.Entry<String, String> line : lines.entrySet()) {
      guarded = guarded.with(new Setting("proxy-server", token, line.getKey(), line.getValue()));
    }
    return guarded;
  }

  /** Makes a role. */
  public void role(String name) throws IOException {
    admin("POST", "/roles", Map.of("role", Map.of("name", name)));
  }

  /** Makes a domain; its id. */
  public String domain(String name) throws IOException {
    return admin("POST", "/domains", Map.of("domain", Map.of("name", name)))
        .at("/domain/id")
        .asString();
  }

  /** Makes a project in the usual domain; its id, which is in the name of its storage account. */
  public String project(String name) throws IOException {
    return project(name, DOMAIN);
  }

  /** Makes a project in a domain, by its id. */
  public String project(String name, String domain) throws IOException {
    Map<String, String> project = Map.of("name", name, "domain_id", domain);
    return admin("POST", "/projects", Map.of("project", project)).at("/project/id").asString();
  }

  /** Makes a user in the usual domain; its id. */
  public String user(String name, Secret password) throws IOException {
    return user(name, password, DOMAIN);
  }

  /** Makes a user in a domain, by its id. */
  public String user(String name, Secret password, String domain) throws IOException {
    Map<String, String> user =
        Map.of("name", name, "domain_id", domain, "password", password.reveal());
    return admin("POST", "/users", Map.of("user", user)).at("/user/id").asString();
  }

  /** Gives a user, by its name, a role in a project. */
  public void grant(String user, String project, String role) throws IOException {
    admin(
        "PUT",
        "/projects/%s/users/%s/roles/%s"
            .formatted(id("project", project), id("user", user), id("role", role)),
        Map.of());
  }

  /** Changes a user's password; all tokens of the user are revoked by it. */
  public void password(String user, Secret password) throws IOException {
    admin(
        "PATCH",
        "/users/" + id("user", user),
        Map.of("user", Map.of("password", password.reveal())));
  }

  /** The id of something that is there. */
  public String id(String sort, String name) throws IOException {
    String id =
        admin("GET", "/" + sort + "s?name=" + SwiftUser.escaped(name), Map.of())
            .at("/" + sort + "s/0/id")
            .asString("");
    if (id.isEmpty()) {
      throw new IOException("Keystone knows no " + sort + " " + name);
    }
    return id;
  }

  /** The storage account of a project. */
  public String account(String project) throws IOException {
    return "AUTH_" + id("project", project);
  }

  /** Asks for a token; the answer, whatever it is. */
  public RawAnswer authenticate(Login login) throws IOException {
    Map<String, Object> domain = Map.of("name", "Default");
    Map<String, Object> user =
        Map.of("name", login.user(), "domain", domain, "password", login.password().reveal());
    Map<String, Object> identity =
        Map.of("methods", List.of("password"), "password", Map.of("user", user));
    Map<String, Object> scope =
        Map.of("project", Map.of("name", login.project(), "domain", domain));
    return ask(
        "POST", "/auth/tokens", "", Map.of("auth", Map.of("identity", identity, "scope", scope)));
  }

  /** A token. */
  public String token(Login login) throws IOException {
    RawAnswer answer = authenticate(login);
    return answer
        .header("X-Subject-Token")
        .orElseThrow(
            () -> new IOException("no token for " + login.user() + ": " + answer.status()));
  }

  /** A client of what listens at {@code server}, in the account of its project. */
  public SwiftUser client(InetSocketAddress server, Login login) throws IOException {
    return new SwiftUser(server, account(login.project()), _ -> authenticate(login));
  }

  /** Takes a token back. */
  public void revoke(String other) throws IOException {
    RawAnswer answer =
        http.ask(
            RawRequest.of("DELETE", url().getPath() + "/auth/tokens")
                .with("X-Auth-Token", token)
                .with("X-Subject-Token", other));
    if (answer.status() != 204) {
      throw new IOException("the token was not revoked: " + answer);
    }
  }

  /** So long the tokens last that are given from now on; its administrator's goes on. */
  public void expire(Duration after) throws IOException {
    tell("expire", Long.toString(after.toSeconds()));
  }

  /**
   * How many requests were answered that begin so.
   *
   * @param request for example {@code POST /v3/auth/tokens}
   */
  public long answered(String request) throws IOException {
    return said().lines().filter(line -> line.contains("\"" + request)).count();
  }

  /** All that it has said so far; each answer has a line. */
  public String said() throws IOException {
    return Files.readString(files.log(), StandardCharsets.ISO_8859_1);
  }

  private JsonNode admin(String method, String path, Map<String, ?> body) throws IOException {
    RawAnswer answer = ask(method, path, token, body);
    if (answer.status() / 100 != 2) {
      String log = said();
      throw new IOException(
          "Keystone: %s %s: %d %s; its log ends with %s"
              .formatted(
                  method,
                  path,
                  answer.status(),
                  answer.text(),
                  log.substring(Math.max(0, log.length() - LOG))));
    }
    return JsonMapper.shared()
        .readTree(
            answer.body().length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : answer.body());
  }

  private RawAnswer ask(String method, String path, String as, Map<String, ?> body)
      throws IOException {
    RawRequest request = RawRequest.of(method, url().getPath() + path);
    if (!as.isEmpty()) {
      request = request.with("X-Auth-Token", as);
    }
    if (!body.isEmpty()) {
      request =
          request
              .with("Content-Type", "application/json")
              .with(RawBody.of(JsonMapper.shared().writeValueAsString(body)));
    }
    return http.ask(request);
  }
}
