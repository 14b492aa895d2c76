package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.postgres.reach.GateProgram;
import io.cotidal.postgres.spec.Addresses;
import io.cotidal.postgres.spec.Reach;
import io.cotidal.remote.ssh.PinnedKeys;
import io.cotidal.remote.ssh.SshAccess;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads how a member is reached: its driver, its addresses, what SSH needs. */
final class ReachSection {
  private static final String SSH = "ssh";
  private static final List<String> KEYS = List.of("user", "port", "identity", "known-hosts");

  /** The words of {@code driver}. */
  enum Driver {
    LOCAL,
    SSH,
    SQL
  }

  /** What members leave to the cluster. */
  record Defaults(Optional<Value<Driver>> driver, Keys ssh) {
    /** Of a cluster that writes none. */
    static final Defaults NONE =
        new Defaults(Optional.of(Value.standard(Driver.LOCAL, "local")), Keys.NONE);
  }

  /** What stands below {@code ssh}. */
  record Keys(
      Optional<Value<String>> user,
      Optional<Value<Integer>> port,
      Optional<Value<Path>> identity,
      Optional<Value<Path>> knownHosts) {
    static final Keys NONE =
        new Keys(
            Optional.of(Value.standard("postgres", "postgres")),
            Optional.of(Value.standard(22, "22")),
            Optional.empty(),
            Optional.empty());
  }

  private final Section item;
  private final Defaults defaults;

  /** Reads the member {@code item}. */
  ReachSection(Section item, Defaults defaults) {
    this.item = item;
    this.defaults = defaults;
  }

  /** Those of the cluster's section {@code defaults}. */
  static Defaults defaults(Section defaults) {
    Optional<Value<Driver>> driver =
        defaults.find("driver", Forms.word(Driver.class)).or(() -> Defaults.NONE.driver());
    Optional<Section> written = defaults.section(SSH);
    if (written.isEmpty()) {
      return new Defaults(driver, Keys.NONE);
    }
    Section ssh = written.get();
    Keys keys =
        new Keys(
            ssh.find("user", Forms.account()).or(() -> Keys.NONE.user()),
            ssh.find("port", Forms.whole(1, 65_535)).or(() -> Keys.NONE.port()),
            ssh.find("identity", Forms.absolutePath()),
            ssh.find("known-hosts", Forms.absolutePath()));
    ssh.close();
    return new Defaults(driver, keys);
  }

  /** The word of the driver; {@code local} if what is written is none, which is reported. */
  Driver driver() {
    return item.need("driver", Forms.word(Driver.class), defaults.driver(), "")
        .orElse(Driver.LOCAL);
  }

  /** The addresses, each {@code host} unless it is written. */
  Addresses addresses(String host) {
    Optional<Section> written = item.section("addresses");
    if (written.isEmpty()) {
      return Addresses.all(host);
    }
    Section section = written.get();
    Optional<Value<String>> standard = Optional.of(Value.standard(host, host));
    Addresses read =
        new Addresses(
            section.need("control", Forms.host(), standard, "").orElse(host),
            section.need("replication", Forms.host(), standard, "").orElse(host),
            section.need("client", Forms.host(), standard, "").orElse(host));
    section.close();
    return read;
  }

  /** How the member is reached; empty if that cannot be read, and then reported. */
  Optional<Reach> reach(Driver driver, String address) {
    Optional<Section> written = item.section(SSH);
    if (driver != Driver.SSH) {
      if (written.isPresent()) {
        item.problem(SSH, "is for members with driver: ssh", "write driver: ssh, or remove it");
        KEYS.forEach(written.get()::has);
        written.get().close();
      }
      return Optional.of(driver == Driver.SQL ? new Reach.Sql() : new Reach.Local());
    }
    Section section = written.orElseGet(() -> item.absent(SSH));
    Optional<Reach> read =
        ssh(section)
            .map(ssh ->
                new Reach.Ssh(
                    new SshAccess(
                        address,
                        ssh.port(),
                        ssh.user(),
                        ssh.identity(),
                        new PinnedKeys.InFile(ssh.knownHosts()))));
    section.close();
    return read;
  }

  private record Ssh(String user, int port, Path identity, Path knownHosts) {}

  private Optional<Ssh> ssh(Section section) {
    Keys keys = defaults.ssh();
    Optional<String> user = section.need("user", Forms.account(), keys.user(), "");
    Optional<Integer> port = section.need("port", Forms.whole(1, 65_535), keys.port(), "");
    Optional<Path> identity =
        section.need(
            "identity",
            Forms.absolutePath(),
            keys.identity(),
            "write the file of the private key here or in defaults.ssh");
    Optional<Path> known =
        section.need(
            "known-hosts",
            Forms.absolutePath(),
            keys.knownHosts(),
            "write the file with the host's public key here or in defaults.ssh");
    return user.isEmpty() || port.isEmpty() || identity.isEmpty() || known.isEmpty()
        ? Optional.empty()
        : Optional.of(new Ssh(user.get(), port.get(), identity.get(), known.get()));
  }

  /** A path that the gate of a member over SSH takes. */
  static Form<Path> pathForGate() {
    return text ->
        switch (Forms.absolutePath().read(text)) {
          case Form.Read.Fit<Path> fit ->
              GateProgram.takes(fit.value())
                  ? fit(fit.value())
                  : unfit(
                      Quote.of(text) + " is not a path for a member over SSH",
                      "use letters, digits, . _ + - and no blanks");
          case Form.Read.Unfit<Path> unfit -> unfit;
        };
  }
}
