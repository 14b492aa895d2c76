package io.cotidal.app.config;

import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.spec.GatewayPlace;
import io.cotidal.objects.spec.Site;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the sites of a namespace. */
final class ObjectsSites {
  private static final String KEY = "sites";
  private static final String TEMPAUTH = "tempauth";
  private static final String KEYSTONE = "keystone";
  private static final String DOMAIN = "Default";
  private static final String WHO =
      "write tempauth: or keystone: with whom Cotidal comes as; it must be able to write in every account";

  private final Section section;
  private final Secrets secrets;
  private final Optional<Path> folder;
  private final Map<String, Integer> taken = new LinkedHashMap<>();
  private final List<String> names = new ArrayList<>();

  /**
   * Of a namespace.
   *
   * @param folder of the namespace, if it could be read
   */
  ObjectsSites(Section section, Secrets secrets, Optional<Path> folder) {
    this.section = section;
    this.secrets = secrets;
    this.folder = folder;
  }

  /** Those that are written, in their order. */
  List<Site> read() {
    if (!section.has(KEY) || section.count(KEY) == 0) {
      section.problem(
          KEY,
          section.has(KEY) ? "names no site" : "is missing",
          "write at least one - name: NAME");
      return List.of();
    }
    List<Site> sites = new ArrayList<>();
    section.items(KEY).forEach(item -> site(item).ifPresent(sites::add));
    return sites;
  }

  /**
   * What they are called, also those of which something else is wrong; empty if one of them has no
   * name.
   */
  List<String> names() {
    return names.size() == Math.max(0, section.count(KEY)) ? List.copyOf(names) : List.of();
  }

  private Optional<Site> site(Section item) {
    Optional<MemberId> name =
        item.need("name", ObjectsForms.member(), Optional.empty(), "write name: NAME");
    Optional<String> url =
        item.need(
            "url",
            ObjectsForms.proxy(),
            Optional.empty(),
            "write where its proxy answers, for example https://swift.example.org/v1");
    name.map(MemberId::name).ifPresent(names::add);
    String usual = name.map(MemberId::name).orElse("");
    String realmName =
        item.get("realm-name", ObjectsForms.realm(), Value.standard(usual, "(the site's name)"));
    Site.Role role =
        item.get("role", Forms.word(Site.Role.class), Value.standard(Site.Role.ACTIVE, "active"));
    Optional<Site.Identity> identity = identity(item);
    Map<String, String> policies =
        item.texts("policies", ObjectsForms.policy(), ObjectsForms.policy());
    Optional<Path> authority =
        item.get(
            "ca", FeedsForms.path(), Value.standard(Optional.empty(), "(those that Java trusts)"));
    Optional<GatewayPlace> gateway =
        item.section("gateway").flatMap(each -> new ObjectsGateway(each, url, folder).read());
    item.closeDiscreetly();
    name.ifPresent(each -> once(item, "name", each.name()));
    url.ifPresent(each -> once(item, "url", each.toLowerCase(Locale.ROOT)));
    if (name.isPresent()) {
      // Swift does not tell their case apart.
      once(item, "realm-name", realmName.toLowerCase(Locale.ROOT));
    }
    if (name.isEmpty() || url.isEmpty() || identity.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Site(
            name.get(), url.get(), realmName, identity.get(), role, policies, authority, gateway));
  }

  private void once(Section item, String key, String value) {
    int line = item.place(key).line();
    Integer other = taken.putIfAbsent(key + " " + value, line);
    if (other != null) {
      item.problem(
          key,
          Quote.of(value) + " is another site's (line " + other + ")",
          "give each site its own " + key);
    }
  }

  private Optional<Site.Identity> identity(Section item) {
    boolean tempauth = item.has(TEMPAUTH);
    boolean keystone = item.has(KEYSTONE);
    if (tempauth == keystone) {
      item.reject(tempauth ? "has two identities" : "has no identity", WHO);
      return Optional.empty();
    }
    return item.section(tempauth ? TEMPAUTH : KEYSTONE)
        .flatMap(each -> {
          Optional<Site.Identity> read = tempauth ? tempauth(each) : keystone(each);
          each.closeDiscreetly();
          return read;
        });
  }

  private Optional<Site.Identity> tempauth(Section tempauth) {
    Optional<String> auth =
        tempauth.need(
            "auth",
            ObjectsForms.address(),
            Optional.empty(),
            "write for example https://swift.example.org/auth/v1.0");
    Optional<String> user =
        tempauth.need(
            "user",
            ObjectsForms.user(),
            Optional.empty(),
            "write account:user, of .reseller_admin");
    Optional<Secret> key = tempauth.secret("key", secrets);
    return auth.flatMap(
        at -> user.map(who -> new Site.Identity.TempAuth(at, who, key.orElse(new Secret("")))));
  }

  private Optional<Site.Identity> keystone(Section keystone) {
    Optional<String> auth =
        keystone.need(
            "auth",
            ObjectsForms.address(),
            Optional.empty(),
            "write for example https://keystone.example.org/v3");
    Optional<String> user =
        keystone.need(
            "user", FeedsForms.line(), Optional.empty(), "write one of the role ResellerAdmin");
    String userDomain = domain(keystone, "user-domain");
    Optional<String> project =
        keystone.need("project", FeedsForms.line(), Optional.empty(), "write its project");
    String projectDomain = domain(keystone, "project-domain");
    Optional<Secret> password = keystone.secret("password", secrets);
    return auth.flatMap(at ->
        user.flatMap(who ->
            project.map(in ->
                new Site.Identity.Keystone(
                    at, who, userDomain, in, projectDomain, password.orElse(new Secret(""))))));
  }

  private static String domain(Section keystone, String key) {
    return keystone.get(key, FeedsForms.line(), Value.standard(DOMAIN, DOMAIN));
  }
}
