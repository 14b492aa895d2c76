package io.cotidal.app.config;

import io.cotidal.model.MemberId;
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

  /** How many members are written, those that could be read, and of whom a policy speaks. */
  record Members(int written, List<Server> servers, SortedMap<MemberId, Standing> standings) {}

  private record Defaults(
      Optional<Value<String>> host,
      Optional<Value<Integer>> port,
      Optional<Value<Path>> bin,
      boolean binWritten,
      Optional<Value<String>> user) {}

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
    return new Members(Math.max(0, count), servers, standings);
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
    Standing standing = PolicySection.standing(item);
    if (name.isPresent() && !standing.equals(Standing.PLAIN)) {
      standings.put(new MemberId(name.get()), standing);
    }
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
}
