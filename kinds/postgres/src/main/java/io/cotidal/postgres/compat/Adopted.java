package io.cotidal.postgres.compat;

import io.cotidal.model.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A cluster of the original's as a section of our configuration.
 *
 * @param name of the cluster
 * @param bin where the members' programs are
 * @param members in the order of preference
 * @param superuser the role that Cotidal uses
 * @param replication the role that replicas use
 * @param failover keys of the section {@code failover}, as they are written
 * @param passwords those that the files hold, by the section of their account: {@code superuser},
 *     {@code replication}
 * @param report what does not carry over, a line each
 */
public record Adopted(
    String name,
    String bin,
    List<Member> members,
    String superuser,
    String replication,
    SortedMap<String, String> failover,
    Map<String, Secret> passwords,
    List<String> report) {
  /** Copies the collections. */
  public Adopted {
    members = List.copyOf(members);
    failover = new TreeMap<>(failover);
    passwords = Map.copyOf(passwords);
    report = List.copyOf(report);
  }

  /**
   * A server that is to be a member.
   *
   * @param further keys and values as they are written: {@code priority: 1}
   */
  public record Member(String name, String host, int port, String data, List<String> further) {
    /** Copies the list. */
    public Member {
      further = List.copyOf(further);
    }

    /** One of which no more is said. */
    public Member(String name, String host, int port, String data) {
      this(name, host, port, data, List.of());
    }

    private String yaml() {
      StringBuilder yaml =
          new StringBuilder(
              "{name: %s, host: %s, port: %d, data: %s"
                  .formatted(quoted(name), quoted(host), port, quoted(data)));
      further.forEach(each -> yaml.append(", ").append(each));
      return yaml.append('}').toString();
    }
  }

  /** The password of an account, if the files hold it. */
  public Optional<Secret> password(String account) {
    return Optional.ofNullable(passwords.get(account));
  }

  /**
   * The configuration, in mode {@code observe}: whoever starts a daemon with it changes nothing.
   *
   * @param reference what refers to the password of an account, {@code file:PATH} for example
   */
  public String yaml(UnaryOperator<String> reference) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("# Written by cot adopt of HandyRep's files. Mode observe changes nothing: look at")
        .append(" cot doctor and cot status first.\n")
        .append("postgres:\n")
        .append("  %s:\n".formatted(name))
        .append("    mode: observe\n")
        .append("    # Commits wait for no replica, as they did: 1 is what loses nothing.\n")
        .append("    quorum: 0\n")
        .append("    defaults: {bin: %s, user: \"postgres\"}\n".formatted(quoted(bin)))
        .append("    members:\n");
    for (Member member : members) {
      yaml.append("      - ").append(member.yaml()).append('\n');
    }
    yaml.append(account("superuser", superuser, reference))
        .append(account("replication", replication, reference))
        .append("    failover:\n");
    failover.forEach((key, value) -> yaml.append("      %s: %s\n".formatted(key, value)));
    return yaml.toString();
  }

  private static String account(String key, String role, UnaryOperator<String> reference) {
    return "    %s: {name: %s, password: {secret: %s}}\n"
        .formatted(key, quoted(role), quoted(reference.apply(key)));
  }

  /** A text as YAML takes any. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (Character.isISOControl(c)) {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
