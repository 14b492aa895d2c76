package io.cotidal.bench;

import io.cotidal.lab.DirectoryServer;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Fresh directory servers, of which the first has entries and nobody replicates. They and all that
 * belongs to them go when it is closed.
 */
final class DirectorySet implements AutoCloseable {
  static final String SUFFIX = "dc=example,dc=test";

  /** How many entries the first server has, beside the suffix. */
  static final int ENTRIES = 200;

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(2);

  private final ServerRegistry lab;
  private final List<DirectoryNode> nodes = new ArrayList<>();
  private int number;

  private DirectorySet(ServerRegistry lab) {
    this.lab = lab;
  }

  /** Starts so many. */
  static DirectorySet open(int count) throws IOException {
    ServerRegistry lab =
        ServerRegistry.open(StateFolder.ofUser(), Path.of(System.getProperty("java.io.tmpdir")));
    DirectorySet set = new DirectorySet(lab);
    try {
      for (int i = 1; i <= count; i++) {
        DirectoryServer server = DirectoryServer.start(lab, DirectoryServer.Settings.plain(SUFFIX));
        set.nodes.add(new DirectoryNode("n" + i, server));
      }
      set.first().server().add(entries());
      return set;
    } catch (IOException | RuntimeException e) {
      set.close();
      throw e;
    }
  }

  private static String entries() {
    StringBuilder ldif = new StringBuilder();
    for (int i = 1; i <= ENTRIES; i++) {
      ldif.append(
          "dn: ou=unit%d,%s\nobjectClass: organizationalUnit\nou: unit%d\n\n"
              .formatted(i, SUFFIX, i));
    }
    return ldif.toString();
  }

  ServerRegistry lab() {
    return lab;
  }

  List<DirectoryNode> nodes() {
    return List.copyOf(nodes);
  }

  DirectoryNode first() {
    return nodes.getFirst();
  }

  /** A name that no entry has. */
  String fresh() {
    return "written" + ++number;
  }

  /** Waits until every one of {@code where} shows that entry. */
  void awaitSeen(String unit, List<DirectoryNode> where) throws BenchProblem, IOException {
    List<DirectoryNode> left = new ArrayList<>(where);
    Until.holds(
        unit + " is seen on every server",
        PATIENCE,
        LOOK,
        () -> {
          left.removeIf(node -> node.shows(unit));
          return left.isEmpty();
        });
  }

  /** Writes at every server, and waits until each write is seen on every server. */
  void awaitConverged() throws BenchProblem, IOException {
    List<String> written = new ArrayList<>();
    for (DirectoryNode node : nodes) {
      String unit = fresh();
      node.write(unit);
      written.add(unit);
    }
    for (String unit : written) {
      awaitSeen(unit, nodes);
    }
  }

  /**
   * Makes sure that nothing was lost or half filled, as soon as what is being taken away is gone.
   *
   * @param more how many entries there are beyond those that the first had
   */
  void check(int more) throws BenchProblem, IOException {
    int wanted = 1 + ENTRIES + more;
    for (DirectoryNode node : nodes) {
      Until.holds(
          "%s has %d entries".formatted(node.name(), wanted),
          PATIENCE,
          LOOK,
          () -> node.entries() == wanted);
    }
  }

  @Override
  public void close() throws IOException {
    nodes.forEach(DirectoryNode::close);
    lab.close();
  }
}
