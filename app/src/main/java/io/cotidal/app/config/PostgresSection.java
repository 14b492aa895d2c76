package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Names;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.postgres.spec.Access;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads one cluster below {@code postgres}. */
final class PostgresSection {
  private static final Pattern PARAMETER =
      Pattern.compile("[a-z_][a-z0-9_]{0,62}(\\.[a-z_][a-z0-9_]{0,62})?");

  private static final int LONGEST_PARAMETER = 1_000;

  /** What Cotidal itself writes, or what would take a server out of its hands. */
  private static final Set<String> OWNED =
      Set.of(
          "config_file",
          "data_directory",
          "hba_file",
          "hot_standby",
          "ident_file",
          "listen_addresses",
          "port",
          "primary_conninfo",
          "primary_slot_name",
          "restore_command",
          "synchronous_standby_names",
          "wal_level");

  private final Section section;
  private final Secrets secrets;
  private final Clashes clashes;

  /** How many members are written, and those that could be read. */
  private record Members(int written, List<Server> servers) {}

  private record Defaults(
      Optional<Value<String>> host,
      Optional<Value<Integer>> port,
      Optional<Value<Path>> bin,
      boolean binWritten,
      Optional<Value<String>> user) {}

  /**
   * Reads {@code section}; what members share with other clusters' members goes to {@code clashes}.
   */
  PostgresSection(Section section, Secrets secrets, Clashes clashes) {
    this.section = section;
    this.secrets = secrets;
    this.clashes = clashes;
  }

  /** The cluster; empty if something of it is wrong, and then reported. */
  Optional<PostgresSpec> read(String name) {
    if (!Names.valid(name)) {
      section.reject(
          "is not a name", "use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit");
    }
    Mode mode =
        section.get("mode", Forms.word(Mode.class), Value.standard(Mode.OBSERVE, "observe"));
    Members members = members();
    int quorum = quorum(members.written());
    Optional<Access> access = access();
    Failover failover = failover();
    TreeMap<String, String> settings =
        new TreeMap<>(section.texts("settings", parameterName(), parameterValue()));
    section.close();
    if (!Names.valid(name) || access.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new PostgresSpec(
            new ResourceId("postgres", name),
            mode,
            members.servers(),
            quorum,
            failover,
            access.get(),
            settings));
  }

  private Members members() {
    Defaults defaults = defaults();
    List<Server> servers = new ArrayList<>();
    boolean written = section.has("members");
    List<Section> items = section.items("members");
    if (!written) {
      section.problem("members", "is missing", "write at least one {name: …, data: …}");
    }
    for (Section item : items) {
      server(item, defaults).ifPresent(servers::add);
      item.close();
    }
    int count = section.count("members");
    if (written && count == 0) {
      section.problem("members", "names no member", "write at least one {name: …, data: …}");
    }
    return new Members(Math.max(0, count), servers);
  }

  private Defaults defaults() {
    Optional<Section> written = section.section("defaults");
    Optional<Value<String>> host = Optional.of(Value.standard("127.0.0.1", "127.0.0.1"));
    Optional<Value<Integer>> port = Optional.of(Value.standard(5432, "5432"));
    Optional<Value<String>> user = Optional.of(Value.standard("", "(Cotidal's own)"));
    if (written.isEmpty()) {
      return new Defaults(host, port, Optional.empty(), false, user);
    }
    Section defaults = written.get();
    Defaults read =
        new Defaults(
            defaults.find("host", Forms.host()).or(() -> host),
            defaults.find("port", Forms.whole(1, 65_535)).or(() -> port),
            defaults.find("bin", Forms.absolutePath()),
            defaults.has("bin"),
            defaults.find("user", Forms.account()).or(() -> user));
    defaults.close();
    return read;
  }

  private Optional<Server> server(Section item, Defaults defaults) {
    Optional<String> name = item.need("name", Forms.name(), Optional.empty(), "write name: NAME");
    Optional<String> host = item.need("host", Forms.host(), defaults.host(), "");
    Optional<Integer> port = item.need("port", Forms.whole(1, 65_535), defaults.port(), "");
    Optional<Path> data =
        item.need(
            "data",
            Forms.absolutePath(),
            Optional.empty(),
            "write the absolute path of its data directory");
    Optional<Path> bin = bin(item, defaults);
    Optional<String> user = item.need("user", Forms.account(), defaults.user(), "");
    name.ifPresent(each -> clashes.name(section, item, each));
    data.ifPresent(each -> clashes.data(item, each));
    if (host.isPresent() && port.isPresent()) {
      clashes.address(item, host.get(), port.get());
    }
    if (name.isEmpty()
        || host.isEmpty()
        || port.isEmpty()
        || data.isEmpty()
        || bin.isEmpty()
        || user.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Server(
            new MemberId(name.get()), host.get(), port.get(), data.get(), bin.get(), user.get()));
  }

  /**
   * One that is wrong in the defaults is reported there, and not once more as missing in each
   * member.
   */
  private static Optional<Path> bin(Section item, Defaults defaults) {
    if (defaults.binWritten() && defaults.bin().isEmpty()) {
      return item.find("bin", Forms.absolutePath()).map(Value::value);
    }
    return item.need(
        "bin",
        Forms.absolutePath(),
        defaults.bin(),
        "write the folder of initdb and postgres here or in defaults");
  }

  private int quorum(int members) {
    int replicas = Math.max(0, members - 1);
    int standard = Math.min(1, replicas);
    int quorum =
        section.get(
            "quorum", Forms.whole(0, 1_000), Value.standard(standard, String.valueOf(standard)));
    if (members > 0 && quorum > replicas) {
      section.problem(
          "quorum",
          quorum + " is more than there are replicas (" + replicas + ")",
          (replicas == 0 ? "write 0" : "write a number from 0 to " + replicas)
              + ", or add members");
    }
    return quorum;
  }

  private Optional<Access> access() {
    Account superuser = account("superuser", "postgres");
    Account replication = account("replication", "replicator");
    if (superuser.password().isEmpty() || replication.password().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Access(
            superuser.name(),
            superuser.password().get(),
            replication.name(),
            replication.password().get()));
  }

  private record Account(String name, Optional<Secret> password) {}

  private Account account(String key, String standardName) {
    Optional<Section> written = section.section(key);
    if (written.isEmpty()) {
      if (!section.has(key)) {
        section.problem(
            key,
            "is missing",
            "write " + key + ": {name: " + standardName + ", password: {secret: \"file:PATH\"}}");
      }
      return new Account(standardName, Optional.empty());
    }
    Section account = written.get();
    String name = account.get("name", Forms.role(), Value.standard(standardName, standardName));
    Optional<Secret> password = account.secret("password", secrets);
    account.closeDiscreetly();
    return new Account(name, password);
  }

  private Failover failover() {
    Optional<Section> written = section.section("failover");
    Section failover = written.orElseGet(() -> section.absent("failover"));
    Failover standard = Failover.DEFAULT;
    Duration minute = Duration.ofMinutes(1);
    Failover read =
        new Failover(
            failover.get(
                "automatic",
                Forms.flag(),
                Value.standard(standard.automatic(), String.valueOf(standard.automatic()))),
            duration(failover, "tick", standard.tick(), Duration.ofMillis(50), minute),
            duration(failover, "deadline", standard.deadline(), Duration.ofMillis(50), minute),
            failover.get(
                "confirm",
                Forms.whole(1, 100),
                Value.standard(standard.confirm(), String.valueOf(standard.confirm()))),
            duration(
                failover,
                "silence",
                standard.silence(),
                Duration.ofMillis(100),
                Duration.ofHours(1)),
            failover.get(
                "fence",
                Forms.word(Failover.Fence.class),
                Value.standard(standard.fence(), Forms.show(standard.fence()))),
            duration(
                failover, "drop", standard.drop(), Duration.ofSeconds(1), Duration.ofHours(24)));
    if (read.silence().compareTo(read.deadline()) < 0) {
      failover.problem(
          "silence",
          Durations.show(read.silence())
              + " is shorter than deadline ("
              + Durations.show(read.deadline())
              + ")",
          "one slow look must not count as silence: write at least the deadline");
    }
    failover.close();
    return read;
  }

  private static Duration duration(
      Section section, String key, Duration standard, Duration least, Duration most) {
    return section.get(
        key, Forms.duration(least, most), Value.standard(standard, Durations.show(standard)));
  }

  private static Form<String> parameterName() {
    return text -> {
      if (!PARAMETER.matcher(text).matches()) {
        return unfit(
            "is not the name of a server parameter", "write it as PostgreSQL's manual does");
      }
      return OWNED.contains(text) ? unfit("is set by Cotidal itself", "remove it") : fit(text);
    };
  }

  private static Form<String> parameterValue() {
    return text ->
        text.length() <= LONGEST_PARAMETER && text.chars().noneMatch(Character::isISOControl)
            ? fit(text)
            : unfit(
                "is no value of a server parameter",
                "write one line of at most " + LONGEST_PARAMETER + " characters");
  }
}
