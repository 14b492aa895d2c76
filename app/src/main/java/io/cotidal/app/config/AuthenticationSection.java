package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.directory.people.People;
import io.cotidal.model.Permission;
import io.cotidal.model.Secret;
import io.cotidal.server.access.SignIn;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads who knows people by a name and a password. */
final class AuthenticationSection {
  private static final Set<String> HERE = Set.of("127.0.0.1", "localhost", "[::1]");
  private static final Pattern BY_DN =
      Pattern.compile("([A-Za-z][A-Za-z0-9-]{0,62})=\\{user\\},(.+)");
  private static final Pattern SCOPE =
      Pattern.compile("\\*|[a-z0-9][a-z0-9._-]{0,62}/(\\*|[a-z0-9][a-z0-9._-]{0,62})");
  private static final String USER = "{user}";
  private static final int LONGEST = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Section root;
  private final Secrets secrets;

  private record Server(String host, int port, boolean tls) {}

  private record Group(String dn, SignIn.Grant grant) {}

  AuthenticationSection(Section root, Secrets secrets) {
    this.root = root;
    this.secrets = secrets;
  }

  /** What could be read; what is wrong is reported. */
  Authentication read() {
    Optional<Section> section = root.section("authentication");
    if (section.isEmpty()) {
      return Authentication.NONE;
    }
    Optional<Section> ldap = section.get().section("ldap");
    Optional<Authentication.Ldap> directory = ldap.flatMap(this::ldap);
    ldap.ifPresent(Section::closeDiscreetly);
    Optional<Section> plugin = section.get().section("plugin");
    Optional<Authentication.Program> program = plugin.flatMap(AuthenticationSection::program);
    plugin.ifPresent(Section::closeDiscreetly);
    section.get().close();
    return new Authentication(directory, program);
  }

  private Optional<Authentication.Ldap> ldap(Section item) {
    Optional<Server> server = item.need("url", url(), Optional.empty(), "write url: ldaps://HOST");
    String authorities = new Authorities(item).read();
    Duration limit = limit(item);
    Optional<People.Find> find = find(item);
    List<Group> groups = groups(item);
    return server.isEmpty() || find.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Authentication.Ldap(
                new People.Place(
                    server.get().host(),
                    server.get().port(),
                    server.get().tls(),
                    authorities,
                    limit,
                    find.get(),
                    groups.stream().map(Group::dn).toList()),
                groups.stream().map(Group::grant).toList()));
  }

  private static Duration limit(Section item) {
    return item.get(
        "limit",
        Forms.duration(Duration.ofMillis(100), Duration.ofSeconds(30)),
        Value.standard(PATIENCE, Durations.show(PATIENCE)));
  }

  private Optional<People.Find> find(Section item) {
    Optional<People.Find> byDn = item.find("user-dn", byDn()).map(Value::value);
    Optional<String> filter = item.find("user-filter", filter()).map(Value::value);
    Optional<String> base = item.find("base", dn()).map(Value::value);
    Optional<People.Login> login = login(item);
    if (item.has("user-dn") == item.has("user-filter")) {
      item.reject(
          "does not say how a name becomes an entry",
          "write either user-dn: \"uid={user},ou=people,…\", or base and user-filter");
      return Optional.empty();
    }
    if (item.has("user-filter") && !item.has("base")) {
      item.problem("base", "is missing", "write the DN below which people are");
    }
    if (item.has("user-dn") && (item.has("base") || item.has("search"))) {
      item.problem("user-dn", "needs neither base nor search", "remove them, or user-dn");
    }
    return byDn.or(() ->
        filter.flatMap(text -> base.map(below -> new People.Find.BySearch(below, text, login))));
  }

  private Optional<People.Login> login(Section item) {
    Optional<Section> search = item.section("search");
    Optional<People.Login> login =
        search.flatMap(part -> {
          Optional<String> dn = part.need("dn", dn(), Optional.empty(), "write its DN");
          Optional<Secret> password = part.secret("password", secrets);
          return dn.flatMap(name -> password.map(word -> new People.Login(name, word)));
        });
    search.ifPresent(Section::closeDiscreetly);
    return login;
  }

  private static List<Group> groups(Section item) {
    List<Group> groups = new ArrayList<>();
    for (Section each : item.items("groups")) {
      Optional<String> dn = each.need("dn", dn(), Optional.empty(), "write the group's DN");
      Optional<Permission> role =
          each.need(
              "role",
              Forms.word(Permission.class),
              Optional.empty(),
              "write role: viewer, operator or admin");
      String scope = each.get("scope", scope(), Value.standard("*", "*"));
      each.close();
      if (dn.isPresent() && role.isPresent()) {
        groups.add(new Group(dn.get(), new SignIn.Grant(role.get(), scope)));
      }
    }
    if (!item.has("groups")) {
      item.problem("groups", "is missing", "write groups: [{dn: …, role: viewer}]");
    }
    return groups;
  }

  private static Optional<Authentication.Program> program(Section item) {
    Optional<Path> file =
        item.need(
            "program",
            Forms.absolutePath(),
            Optional.empty(),
            "write the absolute path of the program");
    Duration limit = limit(item);
    TreeMap<String, String> parameters =
        new TreeMap<>(item.texts("parameters", Forms.name(), line()));
    return file.map(path -> new Authentication.Program(path, limit, parameters));
  }

  private static Form<String> line() {
    return text ->
        text.length() <= LONGEST && text.chars().noneMatch(Character::isISOControl)
            ? fit(text)
            : unfit("is no value of a parameter", "write one line, and no secret");
  }

  private static Form<String> scope() {
    return text ->
        SCOPE.matcher(text).matches()
            ? fit(text)
            : unfit(Quote.of(text) + " is no scope", "write *, KIND/* or KIND/NAME");
  }

  private static Form<String> dn() {
    return text ->
        People.isDn(text)
            ? fit(text)
            : unfit(Quote.of(text) + " is no DN", "write it as cn=NAME,dc=example,dc=org");
  }

  private static Form<People.Find> byDn() {
    return text -> {
      Matcher matcher = BY_DN.matcher(text);
      return matcher.matches() && People.isDn(matcher.group(2))
          ? fit(new People.Find.ByDn(matcher.group(1), matcher.group(2)))
          : unfit(
              Quote.of(text) + " is no DN with a name in it",
              "write it as uid={user},ou=people,dc=example,dc=org");
    };
  }

  private static Form<String> filter() {
    return text -> {
      if (!People.isFilter(text)) {
        return unfit(Quote.of(text) + " is no filter", "write it as (uid={user})");
      }
      return text.contains(USER)
          ? fit(text)
          : unfit("does not say where the name is to stand", "write {user} in it");
    };
  }

  /** In the clear to this machine alone: the passwords of people go there. */
  private static Form<Server> url() {
    return text -> {
      try {
        URI uri = new URI(text);
        String scheme = String.valueOf(uri.getScheme());
        boolean plain = uri.getRawPath() == null || uri.getRawPath().matches("/?");
        boolean more = uri.getRawQuery() != null || uri.getRawUserInfo() != null;
        String host = uri.getHost();
        if (!Set.of("ldap", "ldaps").contains(scheme) || host == null || !plain || more) {
          return unfit(Quote.of(text) + " is no address of a directory", "write ldaps://HOST:636");
        }
        boolean tls = scheme.equals("ldaps");
        if (!tls && !HERE.contains(host)) {
          return unfit("would send passwords in the clear", "write ldaps://");
        }
        int standard = tls ? 636 : 389;
        return fit(new Server(host, uri.getPort() < 0 ? standard : uri.getPort(), tls));
      } catch (URISyntaxException e) {
        return unfit(Quote.of(text) + " is no address of a directory", "write ldaps://HOST:636");
      }
    };
  }
}
