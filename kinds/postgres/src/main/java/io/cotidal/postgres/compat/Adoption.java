package io.cotidal.postgres.compat;

import io.cotidal.model.Names;
import io.cotidal.model.Secret;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Makes a cluster of what the original's files say. Pure; deterministic. */
public final class Adoption {
  private static final String SERVERS = "servers";

  private static final Pattern SERVER_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final Pattern VERSION = Pattern.compile("([0-9]{1,2})(\\.[0-9]+)*");
  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,6}");
  private static final Set<String> YES = Set.of("true", "yes", "on", "1");
  private static final Set<String> NO = Set.of("false", "no", "off", "0");
  private static final Set<String> MEMBERS = Set.of("master", "replica");

  /** From this version on there are replication slots, quorum commit and settings as we need. */
  private static final int OLDEST = 13;

  private static final String KEYS = "/etc/cotidal";
  private static final String IDENTITY = KEYS + "/id_ed25519";
  private static final Pattern ACCOUNT = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");

  private static final String UNKNOWN_BIN = "/usr/lib/postgresql/15/bin";

  private final Foreign.Group configuration;
  private final Foreign.Group servers;
  private final AdoptionReport report = new AdoptionReport();

  private Adoption(Foreign.Group configuration, Foreign.Group servers) {
    this.configuration = configuration;
    this.servers = servers;
  }

  /**
   * Reads what both files say together.
   *
   * @param configuration {@code handyrep.conf}; empty if it is not given
   * @param saved {@code servers.save}, which says more of the servers than the other; empty if it
   *     is not given
   * @throws UnreadableFile if it cannot be taken for the original's
   */
  public static Adopted of(Foreign.Group configuration, Foreign.Group saved) throws UnreadableFile {
    Foreign.Group servers =
        saved.entries().isEmpty() ? configuration.group(SERVERS) : saved.group(SERVERS);
    if (servers.entries().isEmpty()) {
      throw new UnreadableFile(
          0, "it names no server", "give a handyrep.conf with [servers], or servers.save too");
    }
    Adoption adoption = new Adoption(configuration, servers);
    adoption.report.sections(configuration, saved);
    return adoption.adopted();
  }

  private Adopted adopted() throws UnreadableFile {
    List<Adopted.Member> members = members();
    return new Adopted(
        name(),
        bin(),
        members,
        general("postgres_superuser"),
        general("replication_user"),
        failover(),
        passwords(),
        report.lines());
  }

  private String general(String key) {
    return configuration
        .group("handyrep")
        .text(key)
        .orElseGet(() -> HandyrepKeys.find("handyrep", key).orElseThrow().standard());
  }

  private String name() throws UnreadableFile {
    return plain("cluster_name", general("cluster_name"));
  }

  private static String plain(String what, String name) throws UnreadableFile {
    String plain = name.strip().toLowerCase(Locale.ROOT).replace(' ', '-');
    if (!SERVER_NAME.matcher(plain).matches() || !Names.valid(plain)) {
      throw new UnreadableFile(
          0,
          what + " holds a name that does not fit",
          "use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit");
    }
    return plain;
  }

  private String bin() throws UnreadableFile {
    Optional<String> version = configuration.group("handyrep").text("postgresql_version");
    if (version.isEmpty()) {
      report.line("bin", "the files do not say where the programs are", "correct defaults.bin");
      return UNKNOWN_BIN;
    }
    var matcher = VERSION.matcher(version.get());
    if (!matcher.matches()) {
      throw new UnreadableFile(0, "handyrep.postgresql_version is no version", "write 15");
    }
    int major = Integer.parseInt(matcher.group(1));
    if (major < OLDEST) {
      report.line(
          "handyrep.postgresql_version",
          "PostgreSQL " + version.get() + " is too old for Cotidal",
          "bring the servers to " + OLDEST + " or newer first, then correct defaults.bin");
      return UNKNOWN_BIN;
    }
    report.line(
        "handyrep.postgresql_version",
        "it stands for a folder of programs, as Debian has them",
        "correct defaults.bin if they lie elsewhere");
    return "/usr/lib/postgresql/" + major + "/bin";
  }

  private record Ranked(int priority, Adopted.Member member) {}

  private List<Adopted.Member> members() throws UnreadableFile {
    List<Ranked> ranked = new ArrayList<>();
    Map<String, String> names = new HashMap<>();
    for (Map.Entry<String, Foreign> each : servers.entries().entrySet()) {
      if (!SERVER_NAME.matcher(each.getKey()).matches()) {
        throw new UnreadableFile(
            0,
            "the name of a server does not fit",
            "use letters, digits, dots, underscores and hyphens");
      }
      if (!(each.getValue() instanceof Foreign.Group written)) {
        throw new UnreadableFile(0, "servers." + each.getKey() + " is no section", "correct it");
      }
      Foreign.Group server = withDefaults(written);
      String name = plain("servers", each.getKey());
      report.server(written);
      if (!takesPart(each.getKey(), server)) {
        continue;
      }
      String before = names.put(name, each.getKey());
      if (before != null) {
        throw new UnreadableFile(
            0,
            "servers " + before + " and " + each.getKey() + " differ by case alone",
            "rename one");
      }
      ranked.add(new Ranked(number(server, "failover_priority"), member(name, server)));
    }
    if (ranked.isEmpty()) {
      throw new UnreadableFile(0, "no server of it is a master or a replica", "enable one");
    }
    return ranked.stream()
        .sorted(Comparator.comparingInt(Ranked::priority))
        .map(Ranked::member)
        .toList();
  }

  private Foreign.Group withDefaults(Foreign.Group server) {
    Map<String, Foreign> all =
        new LinkedHashMap<>(configuration.group("server_defaults").entries());
    all.putAll(server.entries());
    return new Foreign.Group(all);
  }

  private boolean takesPart(String name, Foreign.Group server) throws UnreadableFile {
    String role = server.text("role").orElse("replica");
    if (!MEMBERS.contains(role)) {
      report.line(
          "servers." + name,
          "its role is neither master nor replica, so it is no member",
          "see docs/handyrep.md for archives and proxies");
      return false;
    }
    if (!flag("servers." + name + ".enabled", server.text("enabled").orElse("True"))) {
      report.line(
          "servers." + name, "it is disabled, so it is no member", "add it when it is to be one");
      return false;
    }
    return true;
  }

  private Adopted.Member member(String name, Foreign.Group server) throws UnreadableFile {
    String host = server.text("hostname").orElse("");
    if (host.isEmpty()) {
      throw new UnreadableFile(0, "servers." + name + " has no hostname", "write it");
    }
    String data = server.text("pgdata").orElse("");
    if (data.isEmpty()) {
      data = "/pgdata/is/missing/" + name;
      report.line("servers." + name, "its pgdata is missing", "correct its data");
    }
    return new Adopted.Member(name, host, number(server, "port"), data, further(server));
  }

  /** What is written of a server beside its place. */
  private List<String> further(Foreign.Group server) throws UnreadableFile {
    List<String> further = new ArrayList<>();
    if (server.text("failover_priority").isPresent()) {
      further.add("priority: " + number(server, "failover_priority"));
    }
    if (server.text("lag_limit").isPresent()) {
      further.add("lag-limit: " + number(server, "lag_limit") + "MiB");
    }
    Optional<String> user = server.text("ssh_user");
    Optional<String> key = server.text("ssh_key");
    if (user.isPresent() || key.isPresent()) {
      further.add("driver: ssh");
      further.add(
          "ssh: {user: %s, identity: %s, known-hosts: \"%s/known_hosts\"}"
              .formatted(
                  Adopted.quoted(account(user.orElse("postgres"))),
                  Adopted.quoted(key.filter(path -> path.startsWith("/")).orElse(IDENTITY)),
                  KEYS));
      report.line(
          "servers.ssh_user",
          "the account must be the one that runs the server, and its machine must be prepared",
          "correct ssh.user, then run cot member prepare; the host's key goes into "
              + KEYS
              + "/known_hosts");
      if (key.filter(path -> path.startsWith("/")).isEmpty()) {
        report.line(
            "servers.ssh_key",
            "the key must be a file with its whole path, without a passphrase",
            "put it at " + IDENTITY + ", or correct ssh.identity");
      }
    }
    return further;
  }

  private static String account(String name) throws UnreadableFile {
    if (!ACCOUNT.matcher(name).matches()) {
      throw new UnreadableFile(0, "servers.ssh_user is no name of an account", "correct it");
    }
    return name;
  }

  private static int number(Foreign.Group server, String key) throws UnreadableFile {
    String standard = HandyrepKeys.find(SERVERS, key).orElseThrow().standard();
    return number(SERVERS + "." + key, server.text(key).orElse(standard));
  }

  private static int number(String what, String text) throws UnreadableFile {
    if (!WHOLE.matcher(text).matches()) {
      throw new UnreadableFile(0, what + " is no whole number", "correct it");
    }
    return Integer.parseInt(text);
  }

  private static boolean flag(String what, String text) throws UnreadableFile {
    String lower = text.toLowerCase(Locale.ROOT);
    if (!YES.contains(lower) && !NO.contains(lower)) {
      throw new UnreadableFile(0, what + " is neither True nor False", "correct it");
    }
    return YES.contains(lower);
  }

  /** What the original did not do by itself is not done by itself here. */
  private SortedMap<String, String> failover() throws UnreadableFile {
    Foreign.Group written = configuration.group("failover");
    SortedMap<String, String> failover = new TreeMap<>();
    failover.put(
        "automatic",
        String.valueOf(
            flag("failover.auto_failover", written.text("auto_failover").orElse("False"))));
    int retries = number("failover.fail_retries", written.text("fail_retries").orElse("3"));
    failover.put("confirm", String.valueOf(Math.clamp(retries, 1, 100)));
    Optional<String> interval = written.text("fail_retry_interval");
    if (interval.isPresent()) {
      int seconds = number("failover.fail_retry_interval", interval.get());
      failover.put("tick", Math.clamp(seconds, 1, 60) + "s");
      report.line(
          "failover.fail_retry_interval",
          "it is how often members are looked at, so a dead primary is noticed no sooner",
          "remove failover.tick: 200ms is the default");
    }
    if (flag("failover.restart_master", written.text("restart_master").orElse("False"))) {
      int tries = number("failover.recovery_retries", written.text("recovery_retries").orElse("6"));
      int pause = number("failover.fail_retry_interval", interval.orElse("10"));
      failover.put("restart", Math.clamp((long) tries * pause, 1, 3600) + "s");
    }
    return failover;
  }

  private Map<String, Secret> passwords() throws UnreadableFile {
    Map<String, Secret> found = new TreeMap<>();
    password("superuser_pass", "superuser", found);
    password("replication_pass", "replication", found);
    return found;
  }

  private void password(String key, String account, Map<String, Secret> found)
      throws UnreadableFile {
    Optional<String> text = configuration.group("passwords").text(key);
    if (text.isEmpty()) {
      report.line(
          "passwords." + key,
          "the files do not hold it",
          "put it where " + account + ".password refers to");
    } else if (text.get().chars().anyMatch(Character::isISOControl)) {
      throw new UnreadableFile(0, "passwords." + key + " is more than one line", "correct it");
    } else {
      found.put(account, new Secret(text.get()));
    }
  }
}
