package io.cotidal.lab;

import io.cotidal.model.Secret;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Three members of a PostgreSQL cluster in a folder of a lab, as a configuration for the daemon: it
 * is the daemon that makes and starts them. Passwords are random and lie in files that only their
 * user can read.
 *
 * @param folder with everything
 * @param bin where the server's programs are
 * @param user as whom servers run; empty for this process's own
 * @param members in the order of the configuration
 * @param login the superuser's
 */
public record DemoCluster(Path folder, Path bin, String user, List<Target> members, Login login) {
  /** The resource's name. */
  public static final String RESOURCE = "orders";

  private static final List<String> NAMES = List.of("a", "b", "c");

  /** Copies the list. */
  public DemoCluster {
    members = List.copyOf(members);
  }

  /** Makes the folder with its secrets; {@link #configure} is still to be called. */
  public static DemoCluster in(ServerRegistry registry, Path bin) throws IOException {
    Path folder = registry.folder("cotidal-demo");
    List<Target> members = new ArrayList<>();
    for (String name : NAMES) {
      members.add(new Target(name, "127.0.0.1", registry.port()));
    }
    Login login = new Login("postgres", password(), "postgres");
    keep(folder.resolve("superuser.password"), login.password());
    keep(folder.resolve("replication.password"), password());
    return new DemoCluster(folder, bin, ServerUser.choose(), members, login);
  }

  /** Where a member's data lies. */
  public Path data(String member) {
    return folder.resolve(member);
  }

  /** The processes of a member. */
  public ServerProcesses processes(String member) {
    return new ServerProcesses(data(member));
  }

  /** The member of that name. */
  public Target member(String name) {
    return members.stream().filter(each -> each.member().equals(name)).findFirst().orElseThrow();
  }

  /** Lets the servers' account make files beside the members' data, as a gate over SSH does. */
  public void lend() throws IOException {
    Optional<OsUser> account = new LocalProcesses().user(user);
    if (account.isPresent()) {
      account.get().own(folder);
    }
  }

  /** Where the configuration lies. */
  public Path configuration() {
    return folder.resolve("cotidal.yaml");
  }

  /** Writes the daemon's configuration. */
  public void configure(ClusterSettings settings) throws IOException {
    Files.writeString(configuration(), yaml(settings));
  }

  private String yaml(ClusterSettings settings) {
    StringBuilder servers = new StringBuilder();
    for (Target member : members) {
      servers.append(
          "      - {name: %s, port: %d, %s}\n"
              .formatted(
                  member.member(),
                  member.port(),
                  settings
                      .members()
                      .getOrDefault(member.member(), "data: " + quoted(data(member.member())))));
    }
    StringBuilder parameters = new StringBuilder();
    for (Map.Entry<String, String> each : settings.server().entrySet()) {
      parameters.append("      %s: \"%s\"\n".formatted(each.getKey(), each.getValue()));
    }
    return """
    listen: 127.0.0.1:%d
    store: %s
    postgres:
      %s:
        mode: manage
        quorum: 1
        defaults: {bin: %s, %shost: 127.0.0.1}
        members:
    %s    superuser: {name: %s, password: {secret: %s}}
        replication: {name: replicator, password: {secret: %s}}
        failover: {automatic: true, fence: %s}
    %s    settings:
    %s\
    """
        .formatted(
            settings.listen(),
            quoted("sqlite:" + folder.resolve("cotidal.db")),
            RESOURCE,
            quoted(bin),
            user.isEmpty() ? "" : "user: " + user + ", ",
            servers,
            login.user(),
            quoted("file:" + folder.resolve("superuser.password")),
            quoted("file:" + folder.resolve("replication.password")),
            settings.fence(),
            settings.proxies(),
            parameters);
  }

  private static String quoted(Object text) {
    return "\"" + text.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static Secret password() {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  private static void keep(Path file, Secret secret) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, secret.reveal());
  }
}
