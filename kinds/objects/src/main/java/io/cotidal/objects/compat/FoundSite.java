package io.cotidal.objects.compat;

import io.cotidal.objects.compat.SwiftConf.Option;
import io.cotidal.objects.compat.SwiftConf.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the proxy's file of one site says. */
final class FoundSite {
  private static final Set<String> TRUE = Set.of("true", "1", "yes", "on", "t", "y");
  private static final Set<String> KNOWN =
      Set.of(
          "use",
          "paste.filter_factory",
          "autosync_my_cluster",
          "autosync_placement",
          "override_auth");

  /** How tokens are given out there. */
  enum Auth {
    TEMPAUTH,
    KEYSTONE,
    OTHER,
    NONE
  }

  private final SwiftConf conf;
  private final Part autosync;

  private FoundSite(SwiftConf conf, Part autosync) {
    this.conf = conf;
    this.autosync = autosync;
  }

  /**
   * Of a file that has the original's filter.
   *
   * @throws UnreadableConf if it has none
   */
  static FoundSite of(SwiftConf conf) throws UnreadableConf {
    List<Part> parts = conf.filters("autosync");
    if (parts.isEmpty()) {
      throw new UnreadableConf(
          conf.file(), 0, "has no [filter:autosync]; name the proxy-server.conf of a site with it");
    }
    return new FoundSite(conf, parts.getFirst());
  }

  SwiftConf conf() {
    return conf;
  }

  Part autosync() {
    return autosync;
  }

  /** The cluster that this site is, as far as one can read it. */
  Optional<Cluster> own() {
    return text("autosync_my_cluster").flatMap(Cluster::of);
  }

  /** The clusters of its placement that can be read, in their order. */
  List<Cluster> placement() {
    return words().stream().flatMap(word -> Cluster.of(word).stream()).toList();
  }

  /** The words of its placement that are no clusters. */
  List<String> unreadable() {
    return words().stream().filter(word -> Cluster.of(word).isEmpty()).toList();
  }

  private List<String> words() {
    return Arrays.stream(text("autosync_placement").orElse("").split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  boolean override() {
    return text("override_auth")
        .filter(value -> TRUE.contains(value.toLowerCase(Locale.ROOT)))
        .isPresent();
  }

  private Optional<String> text(String key) {
    return conf.option(autosync, key).map(Option::value);
  }

  /** Options of its filter that the original does not read. */
  List<Option> unknown() {
    return autosync.options().stream()
        .filter(each -> !KNOWN.contains(each.key()) && !each.key().startsWith("log_"))
        .toList();
  }

  Optional<Option> pipeline() {
    return conf.part("pipeline:main").flatMap(part -> part.option("pipeline"));
  }

  /** The pipeline's words. */
  List<String> stages() {
    return pipeline()
        .map(option -> List.of(option.value().strip().split("\\s+")))
        .orElse(List.of());
  }

  private boolean staged(String entry) {
    return conf.filters(entry).stream().map(SwiftConf::filterName).anyMatch(stages()::contains)
        || stages().contains(entry);
  }

  Auth auth() {
    if (staged("tempauth")) {
      return Auth.TEMPAUTH;
    }
    if (staged("keystoneauth")) {
      return Auth.KEYSTONE;
    }
    return stages().stream().anyMatch(word -> word.toLowerCase(Locale.ROOT).contains("auth"))
        ? Auth.OTHER
        : Auth.NONE;
  }

  /**
   * {@code //REALM/CLUSTER}, if the site says of which realm it is, and the pipeline asks for it.
   */
  Optional<String[]> realm() {
    if (!staged("container_sync")) {
      return Optional.empty();
    }
    return conf.filters("container_sync").stream()
        .flatMap(part -> conf.option(part, "current").stream())
        .map(option -> option.value().replaceFirst("^//", "").split("/"))
        .filter(parts -> parts.length == 2 && !parts[0].isBlank() && !parts[1].isBlank())
        .findFirst();
  }

  /** Tempauth's users that may write everywhere, as {@code account:user}; never their keys. */
  List<String> mighty() {
    List<String> users = new ArrayList<>();
    for (Option option : users()) {
      List<String> groups = List.of(option.value().split("\\s+"));
      String[] names = option.key().split("_");
      if (groups.contains(".reseller_admin") && names.length == 3) {
        users.add(names[1] + ":" + names[2]);
      }
    }
    return users;
  }

  /** The accounts of tempauth's users. */
  Set<String> accounts() {
    Set<String> accounts = new TreeSet<>();
    String prefix =
        conf.filters("tempauth").stream()
            .flatMap(part -> part.option("reseller_prefix").stream())
            .map(option -> option.value().split(",")[0].strip())
            .findFirst()
            .orElse("AUTH");
    String begun = prefix.isEmpty() || prefix.endsWith("_") ? prefix : prefix + "_";
    for (Option option : users()) {
      String[] names = option.key().split("_");
      if (names.length == 3) {
        accounts.add(begun + names[1]);
      }
    }
    return accounts;
  }

  private List<Option> users() {
    return conf.filters("tempauth").stream()
        .flatMap(part -> part.options().stream())
        .filter(option -> option.key().startsWith("user_"))
        .toList();
  }

  /** Where Keystone answers. */
  Optional<String> keystone() {
    return conf.filters("authtoken").stream()
        .flatMap(part ->
            part
                .option("www_authenticate_uri")
                .or(() -> part.option("auth_url"))
                .or(() -> part.option("auth_uri"))
                .stream())
        .map(option -> option.value().replaceFirst("/+$", ""))
        .map(uri -> uri.endsWith("/v3") ? uri : uri + "/v3")
        .filter(uri -> uri.matches("https?://[A-Za-z0-9.:/_-]{1,200}"))
        .findFirst();
  }
}
