package io.cotidal.app.postgres;

import io.cotidal.app.config.Clusters;
import io.cotidal.app.config.ConfigurationReader;
import io.cotidal.app.config.Loaded;
import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.model.MemberId;
import io.cotidal.postgres.reach.Machines;
import io.cotidal.postgres.reach.Places;
import io.cotidal.postgres.reach.Sight;
import io.cotidal.postgres.reach.SshMachine;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Reach;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.ssh.PinnedKeys;
import io.cotidal.remote.ssh.SshAccess;
import io.cotidal.remote.ssh.SshFailure;
import io.cotidal.remote.ssh.SshHosts;
import io.cotidal.remote.ssh.SshLink;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code cot member prepare}: makes a member's machine reachable over SSH. */
public final class MemberPrepare implements LocalCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String HELP =
      """
      usage: cot member prepare postgres/CLUSTER/MEMBER [--login USER@HOST[:PORT]] [--identity FILE]
                                [--known-hosts FILE] [--gate FOLDER] [--authorized-keys FILE] [--config FILE]
                                [--dry-run | --yes]

      Sets a member with driver: ssh up over an ordinary SSH login: the gate, which is the one program that Cotidal's key
      may run there; the member's folders; the key's line in authorized_keys. And here: the host's key in the file that
      known-hosts names. Prints what it would do; does it with --yes. Repeats are harmless.

      The login is root or the account of ssh.user, by default the latter at the member's address, with your own key
      (--identity, default ~/.ssh/id_ed25519) and the host's key from your own list (--known-hosts, default
      ~/.ssh/known_hosts). On the member the gate is put into --gate (default ~/.cotidal-gate) and the line into
      --authorized-keys (default ~/.ssh/authorized_keys of the account). Cotidal's own key must be there: ssh-keygen -t ed25519 -N '' -f FILE
      """;

  private final Map<String, String> environment;
  private final ConfigurationReader reader;

  /**
   * The command in a process of that environment.
   *
   * @param reader of the configuration that names the member
   */
  public MemberPrepare(Map<String, String> environment, ConfigurationReader reader) {
    this.environment = Map.copyOf(environment);
    this.reader = reader;
  }

  @Override
  public String name() {
    return "member prepare";
  }

  @Override
  public String summary() {
    return "Set up the machine of a member that is reached over SSH";
  }

  @Override
  public int run(List<String> arguments, Terminal terminal) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      terminal.out().print(HELP);
      return ExitCode.OK.number();
    }
    PrepareOrder order;
    try {
      Path home = Path.of(environment.getOrDefault("HOME", "/"));
      order = PrepareOrder.parse(arguments, home);
    } catch (IllegalArgumentException e) {
      terminal.err().println("cot: " + e.getMessage() + "; see cot " + name() + " --help");
      return ExitCode.USAGE.number();
    }
    Loaded loaded = reader.read(order.config());
    ExitCode code =
        switch (loaded) {
          case Loaded.Invalid invalid -> {
            invalid.problems().forEach(problem -> terminal.err().println("cot: " + problem));
            yield ExitCode.USAGE;
          }
          case Loaded.Valid valid ->
              prepare(order, valid.configuration().of(Clusters.class), terminal);
        };
    return code.number();
  }

  private record Target(PostgresSpec cluster, Server server, SshAccess access) {}

  private static ExitCode prepare(PrepareOrder order, Clusters clusters, Terminal terminal) {
    String wanted = "postgres/" + order.cluster() + "/" + order.member();
    Optional<PostgresSpec> cluster =
        clusters.named().stream()
            .filter(spec -> spec.id().name().equals(order.cluster()))
            .findFirst();
    Optional<Server> server = cluster.flatMap(spec -> spec.server(new MemberId(order.member())));
    if (cluster.isEmpty() || server.isEmpty()) {
      terminal.err().println("cot: the configuration has no member " + wanted);
      return ExitCode.NOT_FOUND;
    }
    if (!(server.get().reach() instanceof Reach.Ssh ssh)) {
      terminal.err().println("cot: " + wanted + " is not reached over SSH; write driver: ssh");
      return ExitCode.USAGE;
    }
    try {
      return over(order, new Target(cluster.get(), server.get(), ssh.access()), terminal);
    } catch (IOException e) {
      terminal.err().println("cot: " + e.getMessage());
      return ExitCode.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED;
    }
  }

  private static ExitCode over(PrepareOrder order, Target target, Terminal terminal)
      throws IOException, InterruptedException {
    SshAccess login = login(order, target.access());
    Places places = new Places(target.server().data(), target.server().bin());
    Preparation preparation =
        new Preparation(
            target.access().user(),
            Machines.name(target.cluster(), target.server().id()),
            places,
            SshHosts.publicKey(target.access().identity()),
            order.where());
    SshHosts hosts = new SshHosts();
    terminal.out().println("on " + login.host() + ", logged in as " + login.user() + ":");
    try (SshLink link = hosts.link(login)) {
      Preparation.Answer answer = preparation.run(link, order.make(), Deadline.in(PATIENCE));
      answer.lines().forEach(line -> terminal.out().println("  " + line));
      if (answer.failure().isPresent()) {
        terminal.err().println("cot: " + login + ": " + answer.failure().get());
        return ExitCode.FAILED;
      }
    }
    terminal.out().println("here:");
    terminal.out().println("  " + new KnownHost(target.access()).from(login, order.make()));
    if (!order.make()) {
      terminal.out().println("nothing was changed; with --yes it is done");
      return ExitCode.OK;
    }
    terminal.out().println(answers(hosts, target, places));
    return ExitCode.OK;
  }

  private static SshAccess login(PrepareOrder order, SshAccess member) {
    PinnedKeys keys = new PinnedKeys.InFile(order.knownHosts());
    return order
        .login()
        .map(login ->
            new SshAccess(
                login.host(),
                login.port().orElse(member.port()),
                login.user(),
                order.identity(),
                keys))
        .orElse(new SshAccess(member.host(), member.port(), member.user(), order.identity(), keys));
  }

  /** The proof: Cotidal's own key reaches the gate. */
  private static String answers(SshHosts hosts, Target target, Places places)
      throws IOException, InterruptedException {
    String name = Machines.name(target.cluster(), target.server().id());
    try (SshMachine machine = new SshMachine(hosts.link(target.access()), name, places)) {
      Sight sight = machine.glance().sight(false, Deadline.in(PATIENCE));
      return "the gate answers: the data of " + target.server().id() + " is " + sight.data();
    } catch (SshFailure e) {
      throw new IOException("prepared, but the gate does not answer: " + e.getMessage(), e);
    }
  }
}
