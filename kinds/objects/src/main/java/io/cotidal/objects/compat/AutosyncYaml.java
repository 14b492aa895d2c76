package io.cotidal.objects.compat;

import io.cotidal.objects.compat.Autosync.Named;
import io.cotidal.objects.compat.FoundSite.Auth;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The configuration as text. */
final class AutosyncYaml {
  private static final String FILL = " # FILL IN: ";

  private final List<Named> sites;
  private final List<FoundSite> found;
  private final StringBuilder yaml = new StringBuilder();

  AutosyncYaml(List<Named> sites, List<FoundSite> found) {
    this.sites = sites;
    this.found = found;
  }

  String text() {
    line(
        "# Written from Swift Autosync's settings. Mode observe changes nothing: look at cot doctor");
    line("# and cot status first. What is marked FILL IN stands in no file.");
    line("objects:");
    line("  autosync:");
    line("    mode: observe");
    line("    folder: \"/var/lib/cotidal/objects/autosync\"");
    accounts();
    realm();
    line("    sites:");
    sites.forEach(this::site);
    return yaml.toString();
  }

  private void line(String text) {
    yaml.append(text).append('\n');
  }

  private void accounts() {
    Set<String> accounts = new TreeSet<>();
    found.forEach(site -> accounts.addAll(site.accounts()));
    String list =
        accounts.isEmpty()
            ? quoted("AUTH_account")
            : accounts.stream().map(AutosyncYaml::quoted).collect(Collectors.joining(", "));
    line(
        "    accounts: ["
            + list
            + "]"
            + FILL
            + "all accounts that are to be the same; Swift tells nobody which there are");
  }

  private void realm() {
    Optional<String> name =
        found.stream().flatMap(site -> site.realm().stream()).map(parts -> parts[0]).findFirst();
    line("    realm:");
    line(
        "      name: "
            + quoted(name.orElse("cotidal"))
            + (name.isPresent()
                ? ""
                : FILL + "as in container-sync-realms.conf, the same file at every site"));
    line(
        "      key: {secret: \"env:OBJECTS_REALM_KEY\"}"
            + FILL
            + "set it to the realm's key, or write secret: file:PATH");
  }

  private void site(Named site) {
    line("      - name: " + quoted(site.name()));
    line("        url: " + quoted(site.cluster().url()));
    site.file()
        .flatMap(FoundSite::realm)
        .ifPresent(parts -> line("        realm-name: " + quoted(parts[1])));
    role(site);
    identity(site);
  }

  /** Where clients are served: the original's second site serves none. */
  private void role(Named site) {
    boolean known = site.file().isPresent();
    boolean open =
        site.file().filter(file -> file.auth() == Auth.NONE || file.override()).isPresent();
    boolean alone = site.equals(sites.getFirst()) && sites.stream().noneMatch(this::serves);
    String role = serves(site) || alone ? "active" : "backup";
    String why = "";
    if (!known) {
      why = FILL + "active if clients are served there; its files were not given";
    } else if (open) {
      why = FILL + "active if clients are served there, once it asks them who they are";
    }
    line("        role: " + role + why);
  }

  private boolean serves(Named site) {
    return site.file().filter(file -> file.auth() != Auth.NONE && !file.override()).isPresent();
  }

  private void identity(Named site) {
    Auth auth = site.file().map(FoundSite::auth).filter(each -> each != Auth.NONE).orElse(usual());
    String variable = variable(site.name());
    switch (auth) {
      case KEYSTONE -> {
        Optional<String> uri = site.file().flatMap(FoundSite::keystone);
        line("        keystone:");
        line(
            "          auth: "
                + quoted(uri.orElse("https://keystone.example/v3"))
                + (uri.isPresent() ? "" : FILL + "where Keystone answers"));
        line("          user: \"cotidal\"" + FILL + "of the role ResellerAdmin");
        line("          project: \"service\"" + FILL + "its project");
        line("          password: {secret: \"env:" + variable + "_PASSWORD\"}" + FILL + "set it");
      }
      case TEMPAUTH, OTHER, NONE -> {
        Optional<String> user = site.file().flatMap(file -> file.mighty().stream().findFirst());
        line("        tempauth:");
        line("          auth: " + quoted(site.cluster().auth()) + FILL + "if it is another one");
        line(
            "          user: "
                + quoted(user.orElse("account:user"))
                + (user.isPresent() ? "" : FILL + "one of the group .reseller_admin"));
        line("          key: {secret: \"env:" + variable + "_KEY\"}" + FILL + "set it to its key");
      }
    }
  }

  /** How the other sites do it. */
  private Auth usual() {
    return found.stream()
        .map(FoundSite::auth)
        .filter(each -> each == Auth.KEYSTONE || each == Auth.TEMPAUTH)
        .findFirst()
        .orElse(Auth.TEMPAUTH);
  }

  private static String variable(String site) {
    return "OBJECTS_" + site.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  /** A text as YAML takes any. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (Character.isISOControl(c)) {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
