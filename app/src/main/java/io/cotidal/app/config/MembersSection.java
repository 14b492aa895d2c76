package io.cotidal.app.config;

import io.cotidal.model.MemberId;
import io.cotidal.postgres.reach.GateProgram;
import io.cotidal.postgres.spec.Addresses;
import io.cotidal.postgres.spec.Reach;
import io.cotidal.postgres.spec.Server;
import io.cotidal.postgres.spec.Standing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the members of a cluster, and what they leave to {@code defaults}. */
final class MembersSection {
  private final Section section;
  private final Clashes clashes;

  private final SortedMap<MemberId, Standing> standings = new TreeMap<>();
  private final FollowsCheck follows = new FollowsCheck();

  /** How many members are written, those that could be read, and of whom a policy speaks. */
  record Members(
      int written,
      List<Server> servers,
      SortedMap<MemberId, Standing> standings,
      FollowsCheck follows) {}

  private record Defaults(
      Optional<Value<String>> host,
      Optional<Value<Integer>> port,
      Optional<Value<Path>> bin,
      boolean binWritten,
      Optional<Value<String>> user,
      ReachSection.Defaults reach) {}

  /**
   * Reads those of the cluster {@code section}; what they share with other clusters' members goes
   * to {@code clashes}.
   */
  MembersSection(Section section, Clashes clashes) {
    this.section = section;
    this.clashes = clashes;
  }

  /** Those that could be read; what is wrong with the others is reported. */
  Members read() {
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
    if (servers.size() == count) {
      follows.people(servers);
    }
    return new Members(Math.max(0, count), servers, standings, follows);
  }

  private Defaults defaults() {
    Optional<Section> written = section.section("defaults");
    Optional<Value<String>> host = Optional.of(Value.standard("127.0.0.1", "127.0.0.1"));
    Optional<Value<Integer>> port = Optional.of(Value.standard(5432, "5432"));
    Optional<Value<String>> user = Optional.of(Value.standard("", "(Cotidal's own)"));
    if (written.isEmpty()) {
      return new Defaults(host, port, Optional.empty(), false, user, ReachSection.Defaults.NONE);
    }
    Section defaults = written.get();
    Defaults read =
        new Defaults(
            defaults.find("host", Forms.host()).or(() -> host),
            defaults.find("port", Forms.whole(1, 65_535)).or(() -> port),
            defaults.find("bin", Forms.absolutePath()),
            defaults.has("bin"),
            defaults.find("user", Forms.account()).or(() -> user),
            ReachSection.defaults(defaults));
    defaults.close();
    return read;
  }

  private Optional<Server> server(Section item, Defaults defaults) {
    Optional<String> name = item.need("name", Forms.name(), Optional.empty(), "write name: NAME");
    Optional<String> host = item.need("host", Forms.host(), defaults.host(), "");
    Optional<Integer> port = item.need("port", Forms.whole(1, 65_535), defaults.port(), "");
    ReachSection reaching = new ReachSection(item, defaults.reach());
    ReachSection.Driver driver = reaching.driver();
    Addresses addresses = reaching.addresses(host.orElse("127.0.0.1"));
    Optional<Reach> reach = reaching.reach(driver, addresses.control());
    Optional<Places> places = places(item, defaults, driver);
    Optional<String> user = user(item, defaults, driver);
    Standing standing = PolicySection.standing(item);
    Optional<MemberId> upstream = follows.read(item, name);
    if (name.isPresent() && !standing.equals(Standing.PLAIN)) {
      standings.put(new MemberId(name.get()), standing);
    }
    name.ifPresent(each -> clashes.name(section, item, each));
    if (host.isPresent() && port.isPresent()) {
      clashes.address(item, addresses.control(), port.get());
    }
    if (places.isPresent() && reach.isPresent() && driver != ReachSection.Driver.SQL) {
      clashes.data(item, machine(reach.get()), places.get().data());
    }
    if (name.isEmpty()
        || host.isEmpty()
        || port.isEmpty()
        || reach.isEmpty()
        || places.isEmpty()
        || user.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Server(
            new MemberId(name.get()),
            addresses,
            port.get(),
            places.get().data(),
            places.get().bin(),
            user.get(),
            reach.get(),
            upstream));
  }

  private record Places(Path data, Path bin) {
    /** Of a member whose machine is not within reach: nobody looks there. */
    static final Places NONE = new Places(Path.of("/nowhere/data"), Path.of("/nowhere/bin"));
  }

  /** Folders are told apart by the machine that they are on. */
  private static String machine(Reach reach) {
    return switch (reach) {
      case Reach.Ssh ssh -> ssh.access().host() + " " + ssh.access().port();
      case Reach.Local local -> "";
      case Reach.Sql sql -> "";
    };
  }

  private static Optional<Places> places(
      Section item, Defaults defaults, ReachSection.Driver driver) {
    if (driver == ReachSection.Driver.SQL) {
      for (String key : List.of("data", "bin")) {
        if (item.has(key)) {
          item.problem(key, "is out of reach by SQL alone", "remove it, or write another driver");
        }
      }
      return Optional.of(Places.NONE);
    }
    Form<Path> form =
        driver == ReachSection.Driver.SSH ? ReachSection.pathForGate() : Forms.absolutePath();
    Optional<Path> data =
        item.need("data", form, Optional.empty(), "write the absolute path of its data directory");
    Optional<Path> bin = bin(item, defaults, form);
    if (driver == ReachSection.Driver.SSH && bin.isPresent() && !GateProgram.takes(bin.get())) {
      item.problem("bin", bin.get() + " is not a path for a member over SSH", "write another here");
    }
    return data.isEmpty() || bin.isEmpty()
        ? Optional.empty()
        : Optional.of(new Places(data.get(), bin.get()));
  }

  /** Over SSH the account that is logged in to runs the server. */
  private static Optional<String> user(
      Section item, Defaults defaults, ReachSection.Driver driver) {
    if (driver == ReachSection.Driver.LOCAL) {
      return item.need("user", Forms.account(), defaults.user(), "");
    }
    if (item.has("user")) {
      item.problem(
          "user", "is for members with driver: local", "remove it; over SSH write ssh: {user: …}");
    }
    return Optional.of("");
  }

  /**
   * One that is wrong in the defaults is reported there, and not once more as missing in each
   * member.
   */
  private static Optional<Path> bin(Section item, Defaults defaults, Form<Path> form) {
    if (defaults.binWritten() && defaults.bin().isEmpty()) {
      return item.find("bin", form).map(Value::value);
    }
    return item.need(
        "bin", form, defaults.bin(), "write the folder of initdb and postgres here or in defaults");
  }
}
