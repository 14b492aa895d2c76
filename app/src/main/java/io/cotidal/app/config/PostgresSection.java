package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.model.Mode;
import io.cotidal.model.Names;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.postgres.spec.Access;
import io.cotidal.postgres.spec.Alert;
import io.cotidal.postgres.spec.Care;
import io.cotidal.postgres.spec.Clones;
import io.cotidal.postgres.spec.CopyWay;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.Plugin;
import io.cotidal.postgres.spec.Policy;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Practice;
import io.cotidal.postgres.spec.Proxy;
import io.cotidal.postgres.spec.StateTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one cluster below {@code postgres}. */
final class PostgresSection {
  private static final Pattern PARAMETER =
      Pattern.compile("[a-z_][a-z0-9_]{0,62}(\\.[a-z_][a-z0-9_]{0,62})?");

  private static final int LONGEST_PARAMETER = 1_000;

  private static final Pattern TABLE =
      Pattern.compile("([a-z_][a-z0-9_]{0,62})\\.([a-z_][a-z0-9_]{0,62})");

  private static final Form<StateTable> STATE_TABLE =
      text -> {
        Matcher parts = TABLE.matcher(text);
        return parts.matches()
            ? fit(new StateTable(parts.group(1), parts.group(2)))
            : unfit(
                Quote.of(text) + " is not the name of a table with its schema",
                "write for example public.handyrep, in lower case");
      };

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
  private Policy policy = Policy.NONE;
  private Optional<StateTable> stateTable = Optional.empty();

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
    MembersSection.Members members = new MembersSection(section, clashes).read();
    int quorum = quorum(members.written());
    members.follows().quorum(section, members.servers(), members.standings(), quorum);
    Optional<Access> access = access();
    Failover failover = failover(members);
    List<Proxy> proxies = new ProxiesSection(section, secrets, clashes).read();
    List<Plugin> plugins = new PluginsSection(section).read();
    List<Alert> alerts = new AlertsSection(section, secrets).read();
    TreeMap<String, String> settings =
        new TreeMap<>(section.texts("settings", parameterName(), parameterValue()));
    stateTable = stateTable();
    Care care = new CareSection(section).read(settings);
    if (care.copying().way() != CopyWay.AUTO
        && plugins.stream().anyMatch(plugin -> plugin.hook() == Plugin.Hook.CLONE)) {
      section.problem(
          "clone", "has a way, and a plug-in of the hook clone copies", "leave one of both out");
    }
    Clones clones = ClonesSection.read(section);
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
            settings,
            new Practice(policy, proxies, plugins, alerts).caring(care).rehearsing(clones)));
  }

  /** Where the state is written, once {@link #read} has been called; empty if nowhere. */
  Optional<StateTable> table() {
    return stateTable;
  }

  private Optional<StateTable> stateTable() {
    return section.has("state-table")
        ? section.need("state-table", STATE_TABLE, Optional.empty(), "")
        : Optional.empty();
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

  private Failover failover(MembersSection.Members members) {
    Optional<Section> written = section.section("failover");
    Section failover = written.orElseGet(() -> section.absent("failover"));
    Failover standard = Failover.DEFAULT;
    Duration minute = Duration.ofMinutes(1);
    Duration tick = duration(failover, "tick", standard.tick(), Duration.ofMillis(50), minute);
    Duration silence =
        duration(
            failover,
            "silence",
            Failover.silenceFor(tick),
            Duration.ofMillis(100),
            Duration.ofHours(1));
    boolean asFound = members.servers().stream().anyMatch(server -> !server.gated());
    Failover read =
        new Failover(
            failover.get(
                "automatic",
                Forms.flag(),
                Value.standard(standard.automatic(), String.valueOf(standard.automatic()))),
            tick,
            duration(failover, "deadline", standard.deadline(), Duration.ofMillis(50), minute),
            failover.get(
                "confirm",
                Forms.whole(1, 100),
                Value.standard(standard.confirm(), String.valueOf(standard.confirm()))),
            silence,
            failover.get(
                "fence",
                Forms.word(Failover.Fence.class),
                Value.standard(standard.fence(), Forms.show(standard.fence()))),
            duration(
                failover, "drop", standard.drop(), Duration.ofSeconds(1), Duration.ofHours(24)),
            duration(failover, "guard", standard.guard(), Duration.ZERO, Duration.ofHours(1)),
            isolated(failover, tick, silence, asFound));
    Duration least = Failover.leastGuard(read.tick(), read.deadline());
    if (read.guard().isPositive() && read.guard().compareTo(least) < 0) {
      failover.problem(
          "guard",
          Durations.show(read.guard())
              + " is too short for looks that are "
              + Durations.show(tick)
              + " apart",
          "a primary must not end itself because of one slow look: write at least "
              + Durations.show(least));
    }
    if (read.silence().compareTo(read.deadline()) < 0) {
      failover.problem(
          "silence",
          Durations.show(read.silence())
              + " is shorter than deadline ("
              + Durations.show(read.deadline())
              + ")",
          "one slow look must not count as silence: write at least the deadline");
    }
    policy = PolicySection.read(failover, members.standings());
    failover.close();
    return read;
  }

  /** How long commits wait until an isolated primary is replaced; never if zero. */
  private static Duration isolated(
      Section failover, Duration tick, Duration silence, boolean asFound) {
    Duration least = Failover.leastIsolated(silence, tick, asFound);
    Duration usual = Failover.DEFAULT.isolated();
    Duration standard = least.compareTo(usual) > 0 ? least : usual;
    Duration read = duration(failover, "isolated", standard, Duration.ZERO, Duration.ofHours(1));
    if (read.isPositive() && read.compareTo(least) < 0) {
      failover.problem(
          "isolated",
          Durations.show(read) + " is too short for replicas that are about to connect again",
          "a primary must not be replaced because of a short cut: write at least "
              + Durations.show(least)
              + ", or 0ms for never");
    }
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
