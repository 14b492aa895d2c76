package io.cotidal.directory.target.ds389;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.LDAPConnection;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Access;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Guards;
import io.cotidal.directory.spec.Replication;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.spec.Topology;
import io.cotidal.directory.target.Servers;
import io.cotidal.lab.DirectoryServer;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;

/** Real servers and the acts on them, for tests: each act under the next turn. */
final class Mesh implements AutoCloseable {
  static final String SUFFIX = "dc=example,dc=test";
  static final String ACCOUNT = "cn=replication manager,cn=config";
  static final String SECRET = "the-suppliers-secret";
  static final Duration LONG = Duration.ofSeconds(30);

  final ServerRegistry lab;
  final List<DirectoryServer> real = new ArrayList<>();
  final List<Server> members = new ArrayList<>();
  final String suffix;
  Servers servers;
  private long turn;

  Mesh() throws Exception {
    this(SUFFIX);
  }

  Mesh(String suffix) throws Exception {
    this.lab =
        ServerRegistry.open(StateFolder.ofUser(), Path.of(System.getProperty("java.io.tmpdir")));
    this.suffix = suffix;
    this.servers = servers(SECRET);
  }

  static Access access() {
    return new Access(
        Security.PLAIN, "", DirectoryServer.ADMINISTRATOR, new Secret("secret-of-the-lab"));
  }

  static DirectorySpec spec(String suffix, Access access, Security between, String secret) {
    return new DirectorySpec(
        new ResourceId("directory", "people"),
        Mode.MANAGE,
        List.of(),
        Ds389.NAME,
        suffix,
        new Topology("fullmesh", Details.NONE),
        access,
        new Replication(
            between, 0, ACCOUNT, new Secret(secret), Duration.ofSeconds(1), Duration.ofSeconds(4)),
        Guards.DEFAULT,
        Duration.ofSeconds(1),
        Duration.ofSeconds(5));
  }

  Servers servers(String secret) {
    return new Ds389().servers(spec(suffix, access(), Security.PLAIN, secret));
  }

  Server start() throws Exception {
    return take(DirectoryServer.start(lab, DirectoryServer.Settings.plain(SUFFIX)));
  }

  Server take(DirectoryServer server) {
    return take(server, "127.0.0.1", server.port());
  }

  Server take(DirectoryServer server, String host, int port) {
    real.add(server);
    Server member =
        new Server(
            new MemberId(Character.toString('a' + members.size())), host, port, Details.NONE);
    members.add(member);
    return member;
  }

  Step step(String act, Server on) {
    return Step.act(act, on.id(), act).within(LONG);
  }

  Step prepare(Server on, int id) {
    return step(Acts.PREPARE, on).with(Acts.ID, id);
  }

  Step edge(String act, Server from, Server to) {
    return step(act, from).with(Acts.FROM, from.id()).with(Acts.TO, to.id());
  }

  Step initialise(Server from, Server to, String expect) {
    return edge(Acts.INITIALISE, from, to)
        .with(Acts.GENERATION, facts(from).vector().generation())
        .with(Acts.EXPECT, expect);
  }

  Servers.Order order(Step step) {
    return order(step, new Stamp(1, 1, ++turn));
  }

  Servers.Order order(Step step, Stamp stamp) {
    return new Servers.Order(step, stamp, members);
  }

  Outcome act(Server on, Step step) {
    return servers.act(on, order(step));
  }

  Inspection inspect(Server on, Step step) {
    return servers.inspect(on, order(step));
  }

  /** Has somebody filled, and waits for its end no longer once that one says that it is. */
  void leftFilling(Server from, Server to, Step fill) throws Exception {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    Thread acting = Thread.ofVirtual().start(() -> outcome.complete(act(from, fill)));
    Awaitility.await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> facts(to).initialising() || outcome.isDone());
    acting.interrupt();
    assertThat(outcome.get()).isInstanceOf(Outcome.Unknown.class);
  }

  /** Finds it missing, does it, finds it there. */
  Details done(Server on, Step step) {
    assertThat(inspect(on, step)).isInstanceOf(Inspection.NotApplied.class);
    Details evidence = again(on, step);
    assertThat(inspect(on, step)).isInstanceOf(Inspection.Applied.class);
    return evidence;
  }

  Details again(Server on, Step step) {
    Outcome outcome = act(on, step);
    assertThat(outcome).as(step.toString()).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done) outcome).evidence();
  }

  String failure(Server on, Step step) {
    Outcome outcome = act(on, step);
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return ((Outcome.Failed) outcome).reason();
  }

  Observation<DirectoryFacts> look(Server on) {
    return servers.look(on, members, Deadline.in(Duration.ofSeconds(10)));
  }

  DirectoryFacts facts(Server on) {
    Observation<DirectoryFacts> seen = look(on);
    assertThat(seen).isInstanceOf(Observation.Seen.class);
    return ((Observation.Seen<DirectoryFacts>) seen).facts();
  }

  Agreement agreement(Server from, Server to) {
    return facts(from).agreements().stream()
        .filter(each -> to.id().equals(each.to()))
        .findFirst()
        .orElseThrow();
  }

  /** A mesh of all members, by acts alone, from the first. */
  void build() {
    for (int i = 0; i < members.size(); i++) {
      done(members.get(i), prepare(members.get(i), i + 1));
    }
    Server seed = members.getFirst();
    for (Server each : members.subList(1, members.size())) {
      done(seed, edge(Acts.LINK, seed, each));
      done(seed, initialise(seed, each, Initialise.EMPTY));
    }
    for (Server from : members.subList(1, members.size())) {
      for (Server to : members) {
        if (!from.equals(to)) {
          done(from, edge(Acts.LINK, from, to));
        }
      }
    }
  }

  /** Writes on each are seen on all, and all hold the same. */
  void prove() {
    String all = String.join(",", members.stream().map(one -> one.id().name()).toList());
    for (Server each : members) {
      Details millis = again(each, step(Acts.CANARY, each).with(Acts.MEMBERS, all));
      assertThat(millis.entries()).hasSize(members.size());
    }
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() ->
            assertThat(
                    members.stream()
                        .map(each -> again(each, step(Acts.DIGEST_OF, each)))
                        .distinct())
                .hasSize(1));
  }

  LDAPConnection connect(DirectoryServer server) throws Exception {
    return new LDAPConnection(
        "127.0.0.1", server.port(), DirectoryServer.ADMINISTRATOR, "secret-of-the-lab");
  }

  /** Adds so many people to a server, the first of whom has that number. */
  void people(DirectoryServer server, int first, int count) throws Exception {
    try (LDAPConnection connection = connect(server)) {
      for (int i = first; i < first + count; i++) {
        connection.add("dn: cn=p" + i + "," + SUFFIX, "objectClass: person", "cn: p" + i, "sn: p");
      }
    }
  }

  /** Whether a server shows that one. */
  boolean has(DirectoryServer server, int person) throws Exception {
    try (LDAPConnection connection = connect(server)) {
      return connection.getEntry("cn=p" + person + "," + SUFFIX, "1.1") != null;
    }
  }

  long fillings() throws Exception {
    long all = 0;
    for (DirectoryServer each : real) {
      all += each.errors("Beginning total update");
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    servers.close();
    lab.close();
  }
}
