package io.cotidal.directory.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.SearchScope;
import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Guards;
import io.cotidal.directory.spec.Replication;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.spec.Topology;
import io.cotidal.directory.target.Servers;
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

/** Real servers and the acts on them, by the words that hold for every vendor. */
public final class Fleet implements AutoCloseable {
  /** What is replicated. */
  public static final String SUFFIX = "dc=example,dc=test";

  /** The suppliers' password. */
  public static final String SECRET = "the suppliers' own secret";

  private static final Duration LONG = Duration.ofSeconds(30);

  /** The vendor. */
  public final Real.Vendor vendor;

  /** All that were started. */
  public final List<Real> real = new ArrayList<>();

  /** Those that are members now. */
  public final List<Server> members = new ArrayList<>();

  /** Over which everything is done. */
  public Servers servers;

  private final ServerRegistry lab;
  private long turn;

  /** Starts none yet. */
  public Fleet(Real.Vendor vendor) throws Exception {
    this.vendor = vendor;
    this.lab =
        ServerRegistry.open(StateFolder.ofUser(), Path.of(System.getProperty("java.io.tmpdir")));
    vendor.prepare(lab);
    this.servers = servers(SECRET);
  }

  /** The same servers, with another suppliers' password configured. */
  public Servers servers(String secret) {
    return vendor
        .target()
        .servers(
            new DirectorySpec(
                new ResourceId("directory", "people"),
                Mode.MANAGE,
                List.of(),
                vendor.target().name(),
                SUFFIX,
                new Topology("fullmesh", Details.NONE),
                vendor.access(),
                new Replication(
                    vendor.security(),
                    0,
                    vendor.account(),
                    new Secret(secret),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(4)),
                Guards.DEFAULT,
                Duration.ofSeconds(1),
                Duration.ofSeconds(5)));
  }

  /** One more, with that many people. */
  public Server start(int people) throws Exception {
    Real server = vendor.start(lab, SUFFIX);
    real.add(server);
    Server member =
        new Server(
            new MemberId(Character.toString('a' + members.size())),
            "127.0.0.1",
            server.port(),
            Details.NONE);
    members.add(member);
    people(member, 0, people);
    return member;
  }

  /** The real server of a member. */
  public Real real(Server member) {
    return real.stream().filter(one -> one.port() == member.port()).findFirst().orElseThrow();
  }

  /** Writes people at a member. */
  public void people(Server member, int first, int count) throws Exception {
    try (LDAPConnection connection = vendor.connect(real(member))) {
      for (int i = first; i < first + count; i++) {
        connection.add(
            "dn: cn=p" + i + "," + SUFFIX, "objectClass: person", "cn: p" + i, "sn: of a family");
      }
    }
  }

  /** How many people a member has, asked of the server itself. */
  public int people(Server member) throws Exception {
    try (LDAPConnection connection = vendor.connect(real(member))) {
      return connection
          .search(SUFFIX, SearchScope.SUB, "(objectClass=person)", "1.1")
          .getEntryCount();
    }
  }

  /** A step on a member. */
  public Step step(String act, Server on) {
    return Step.act(act, on.id(), act).within(LONG);
  }

  /** To make it a replica. */
  public Step prepare(Server on, int id) {
    return step(Acts.PREPARE, on).with(Acts.ID, id);
  }

  /** About a path. */
  public Step edge(String act, Server from, Server to) {
    return step(act, from).with(Acts.FROM, from.id()).with(Acts.TO, to.id());
  }

  /** To fill one. */
  public Step initialise(Server from, Server to, String expect) {
    return edge(Acts.INITIALISE, from, to)
        .with(Acts.GENERATION, facts(from).vector().generation())
        .with(Acts.EXPECT, expect);
  }

  /** On which end the order about a path lies. */
  public Server holder(Server from, Server to) {
    MemberId holder = servers.holder(new Edge(from.id(), to.id()));
    return holder.equals(from.id()) ? from : to;
  }

  /** Does it under the next turn. */
  public Outcome act(Server on, Step step) {
    return act(on, step, new Stamp(1, 1, ++turn));
  }

  /** Does it under a stamp. */
  public Outcome act(Server on, Step step, Stamp stamp) {
    return servers.act(on, new Servers.Order(step, stamp, members));
  }

  /** Asks whether it is there, under the next turn. */
  public Inspection inspect(Server on, Step step) {
    return servers.inspect(on, new Servers.Order(step, new Stamp(1, 1, ++turn), members));
  }

  /** Finds it missing, does it, finds it there, does it again, finds it there still. */
  public Details done(Server on, Step step) {
    assertThat(inspect(on, step)).as(step.toString()).isInstanceOf(Inspection.NotApplied.class);
    Details evidence = again(on, step);
    assertThat(inspect(on, step)).as(step.toString()).isInstanceOf(Inspection.Applied.class);
    again(on, step);
    assertThat(inspect(on, step)).as(step.toString()).isInstanceOf(Inspection.Applied.class);
    return evidence;
  }

  /** Does it, and it ends well. */
  public Details again(Server on, Step step) {
    Outcome outcome = act(on, step);
    assertThat(outcome).as(step.toString()).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done) outcome).evidence();
  }

  /** Does it, and it fails. */
  public String failure(Server on, Step step) {
    Outcome outcome = act(on, step);
    assertThat(outcome).as(step.toString()).isInstanceOf(Outcome.Failed.class);
    return ((Outcome.Failed) outcome).reason();
  }

  /** Lets {@code to} have what is written at {@code from}. */
  public void link(Server from, Server to) {
    done(holder(from, to), edge(Acts.LINK, from, to));
  }

  /** Looks. */
  public Observation<DirectoryFacts> look(Server on) {
    return servers.look(on, members, Deadline.in(Duration.ofSeconds(10)));
  }

  /** What a look tells. */
  public DirectoryFacts facts(Server on) {
    Observation<DirectoryFacts> seen = look(on);
    assertThat(seen).isInstanceOf(Observation.Seen.class);
    return ((Observation.Seen<DirectoryFacts>) seen).facts();
  }

  /** A mesh of all members, by acts alone, from the first. */
  public void build() {
    for (int i = 0; i < members.size(); i++) {
      done(members.get(i), prepare(members.get(i), i + 1));
    }
    Server seed = members.getFirst();
    for (Server each : members.subList(1, members.size())) {
      link(seed, each);
      again(seed, initialise(seed, each, "empty"));
    }
    for (Server from : members.subList(1, members.size())) {
      for (Server to : members) {
        if (!from.equals(to)) {
          link(from, to);
        }
      }
    }
  }

  /** Writes on each are seen on all, and all hold the same. */
  public void prove() {
    String all = String.join(",", members.stream().map(one -> one.id().name()).toList());
    for (Server each : members) {
      Details millis = again(each, step(Acts.CANARY, each).with(Acts.MEMBERS, all));
      assertThat(millis.entries()).hasSize(members.size());
    }
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() ->
            assertThat(
                    members.stream()
                        .map(each -> again(each, step(Acts.DIGEST_OF, each)))
                        .distinct())
                .hasSize(1));
  }

  @Override
  public void close() throws IOException {
    servers.close();
    lab.close();
  }
}
