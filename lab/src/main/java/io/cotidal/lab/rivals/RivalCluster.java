package io.cotidal.lab.rivals;

import io.cotidal.lab.Login;
import io.cotidal.lab.ServerProcesses;
import io.cotidal.lab.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Three PostgreSQL servers, {@code a}, {@code b} and {@code c}, that a rival looks after. */
public abstract sealed class RivalCluster implements AutoCloseable
    permits PatroniCluster, AutoFailoverCluster, RepmgrCluster {
  /** Names of the members. */
  public static final List<String> NAMES = List.of("a", "b", "c");

  final Account account;
  final List<Target> members = new ArrayList<>();
  final Map<String, Agent> agents = new LinkedHashMap<>();
  private final Login login;

  RivalCluster(Account account, Login login) {
    this.account = account;
    this.login = login;
  }

  /** Where clients reach the members, past every proxy of faults. */
  public List<Target> members() {
    return List.copyOf(members);
  }

  /** The superuser. */
  public Login login() {
    return login;
  }

  /** A member's data directory. */
  public Path data(String member) {
    return account.home().resolve("data-" + member);
  }

  private Agent agent(String member) {
    Agent found = agents.get(member);
    if (found == null) {
      throw new IllegalArgumentException("no member " + member);
    }
    return found;
  }

  /** Starts the rival's program of a member, unless it runs. */
  public void startAgent(String member) throws IOException {
    agent(member).start();
  }

  /** Freezes the rival's program of a member. */
  public void freezeAgent(String member) throws IOException {
    agent(member).freeze();
  }

  /** Lets it go on. */
  public void thawAgent(String member) throws IOException {
    agent(member).thaw();
  }

  /** Kills it. */
  public void killAgent(String member) throws IOException {
    agent(member).kill();
  }

  /** What the program of a member has said so far, and with Patroni its server, too. */
  public String said(String member) throws IOException {
    return agent(member).said();
  }

  /** The processes of a member's PostgreSQL. */
  public ServerProcesses servers(String member) {
    return new ServerProcesses(data(member));
  }

  /** All that runs on a member's machine dies: first who would repair. */
  public void killNode(String member) throws IOException {
    killAgent(member);
    servers(member).kill();
  }

  /** All that runs on a member's machine stops where it is. */
  public void freezeNode(String member) throws IOException {
    freezeAgent(member);
    servers(member).freeze();
  }

  /** It goes on where it was. */
  public void thawNode(String member) throws IOException {
    servers(member).thaw();
    thawAgent(member);
  }

  /** Ends all of it. */
  @Override
  public abstract void close() throws IOException;
}
