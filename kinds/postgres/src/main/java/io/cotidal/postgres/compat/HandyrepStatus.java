package io.cotidal.postgres.compat;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.Answers;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Severity;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The original's status words and numbers for what is seen of a cluster. Pure. */
final class HandyrepStatus {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final PostgresSpec spec;
  private final ResourceView view;

  HandyrepStatus(HandyrepDesk.Cluster cluster) {
    this.spec = cluster.spec();
    this.view = cluster.view();
  }

  /** The words, each with its number. */
  enum Word {
    UNKNOWN(0),
    HEALTHY(1),
    LAGGED(2),
    WARNING(3),
    UNAVAILABLE(4),
    DOWN(5);

    private final int number;

    Word(int number) {
      this.number = number;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How the original writes a moment; here always in UTC. */
  static String time(long micros) {
    return TIME.format(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
  }

  private Map<String, Object> fields(Word word, String message) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("status", word.word());
    fields.put("status_no", word.number);
    fields.put("status_ts", time(view.micros()));
    fields.put("status_message", message);
    return fields;
  }

  /** The servers, without proxies. */
  List<MemberView> servers() {
    return view.members().stream().filter(member -> spec.server(member.id()).isPresent()).toList();
  }

  /** {@code master} or {@code replica}; of a server that cannot be asked, what it was made. */
  String role(MemberView server) {
    return primary(server) ? "master" : "replica";
  }

  private boolean primary(MemberView server) {
    return server.writable()
        || server.role().equals("primary")
        || view.ledger().get("primary", "").equals(server.id().name());
  }

  Word word(MemberView server) {
    return switch (server.answers()) {
      case YES -> {
        if (server.severity() != Severity.INFO) {
          yield Word.WARNING;
        }
        yield lagged(server.id()) ? Word.LAGGED : Word.HEALTHY;
      }
      case NO -> gone(server) ? Word.DOWN : Word.UNAVAILABLE;
      case UNKNOWN ->
          server.facts().get("process", "unknown").equals("running") ? Word.WARNING : Word.UNKNOWN;
    };
  }

  private static boolean gone(MemberView server) {
    return server.facts().get("process", "unknown").equals("gone");
  }

  private boolean lagged(MemberId server) {
    long limit = spec.practice().policy().of(server).lagLimit();
    return view.links().stream()
        .filter(link -> link.to().equals(server))
        .map(LinkView::lagBytes)
        .anyMatch(lag -> lag != null && lag > limit);
  }

  /** The status of one server. */
  Map<String, Object> of(MemberView server) {
    return fields(word(server), server.status());
  }

  /** The cluster's word, by the original's rule. */
  Word word() {
    List<MemberView> servers = servers();
    if (view.diagnosis().code().equals("not-looked")
        || servers.stream().allMatch(server -> word(server) == Word.UNKNOWN)) {
      return Word.UNKNOWN;
    }
    List<MemberView> masters = servers.stream().filter(MemberView::writable).toList();
    if (masters.size() != 1 || word(masters.getFirst()).compareTo(Word.WARNING) > 0) {
      return Word.DOWN;
    }
    boolean replicasWell =
        servers.size() > 1
            && servers.stream()
                .filter(server -> !server.writable())
                .allMatch(server -> well(word(server)));
    return replicasWell && word(masters.getFirst()) == Word.HEALTHY ? Word.HEALTHY : Word.WARNING;
  }

  private static boolean well(Word word) {
    return word != Word.UNKNOWN && word.compareTo(Word.WARNING) <= 0;
  }

  /** The status of the cluster. */
  Map<String, Object> of() {
    return fields(word(), view.diagnosis().sentence());
  }

  /** Whether a failover could be done: one primary is known, and a replica answers. */
  boolean failoverOk() {
    return !view.ledger().get("primary", "").isEmpty()
        && servers().stream()
            .anyMatch(server -> !primary(server) && server.answers() == Answers.YES);
  }
}
