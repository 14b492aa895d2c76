package io.cotidal.app.config;

import io.cotidal.model.Secret;
import io.cotidal.postgres.spec.PostgresSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** Reads {@code compat.handyrep}: where the original's functions are served, and to whom. */
final class HandyrepSection {
  private static final int PORT = 7_401;

  private final Section root;
  private final Secrets secrets;

  /** Of the whole file {@code root}. */
  HandyrepSection(Section root, Secrets secrets) {
    this.root = root;
    this.secrets = secrets;
  }

  /** What is written; empty if nothing is, or if it is wrong, and then reported. */
  Optional<Clusters.Handyrep> read(List<PostgresSpec> clusters) {
    Optional<Section> compat = root.section("compat");
    Optional<Clusters.Handyrep> read =
        compat.flatMap(section -> section.section("handyrep")).map(each -> one(each, clusters));
    compat.ifPresent(Section::close);
    return read;
  }

  private Clusters.Handyrep one(Section section, List<PostgresSpec> clusters) {
    boolean api = section.get("api", Forms.flag(), Value.standard(false, "false"));
    Optional<InetSocketAddress> listen = listen(section, api);
    String first = clusters.isEmpty() ? "" : clusters.getFirst().id().name();
    String cluster = section.get("cluster", Forms.name(), Value.standard(first, first));
    if (clusters.stream().noneMatch(spec -> spec.id().name().equals(cluster))) {
      section.problem(
          "cluster",
          "there is no cluster " + Quote.of(cluster) + " below postgres",
          "name one of them");
    }
    Optional<Secret> admin = password(section, "admin-password");
    Optional<Secret> read = password(section, "read-password");
    if (admin.isPresent() && admin.equals(read)) {
      section.problem(
          "read-password", "is the same as admin-password", "give each role its own password");
    }
    section.closeDiscreetly();
    return new Clusters.Handyrep(listen, api, cluster, admin, read);
  }

  /** Whoever is content with the API's listener opens no other port by it. */
  private static Optional<InetSocketAddress> listen(Section section, boolean api) {
    if (api && !section.has("listen")) {
      return Optional.empty();
    }
    InetSocketAddress standard = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT);
    return Optional.of(
        section.get("listen", Forms.listen(), Value.standard(standard, "127.0.0.1:" + PORT)));
  }

  private Optional<Secret> password(Section section, String key) {
    return section.has(key) ? section.secret(key, secrets) : Optional.empty();
  }
}
