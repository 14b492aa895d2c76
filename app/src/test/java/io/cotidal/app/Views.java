package io.cotidal.app;

import io.cotidal.cli.api.Node;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What tests read out of a resource as the API shows it. */
final class Views {
  private static final Set<String> ENDED = Set.of("done", "failed", "cancelled", "superseded");

  private Views() {}

  /**
   * One primary, which sees every other member stream; all count for the quorum and are trusted,
   * nothing is to be done. Without that a {@code quorum} operation may be about to begin.
   */
  static boolean whole(Node view) {
    long writable = view.list("members").stream().filter(each -> each.flag("writable")).count();
    List<Node> links = view.list("links");
    String quorum = view.at("ledger").text("quorum");
    return view.flag("leading")
        && view.flag("inSync")
        && writable == 1
        && view.list("operations").stream().allMatch(Views::ended)
        && links.size() == 2
        && links.stream().allMatch(link -> link.text("state").equals("streaming"))
        && links.stream().noneMatch(link -> link.at("lagBytes").isMissing())
        && quorum.split(",").length == 2
        && view.texts("ledger").keySet().stream().noneMatch(name -> name.startsWith("doubt."));
  }

  /**
   * It may act and has looked: what is asked for is not refused for want of either. A diagnosis
   * alone says neither; who does not lead has one too.
   */
  static boolean leads(Node view) {
    return view.flag("leading") && !code(view).equals("not-looked");
  }

  static boolean ended(Node operation) {
    return ENDED.contains(operation.text("state"));
  }

  /** The member that takes writes, if it is one. */
  static Optional<String> primary(Node view) {
    List<String> writable =
        view.list("members").stream()
            .filter(each -> each.flag("writable"))
            .map(each -> each.text("id"))
            .toList();
    return writable.size() == 1 ? Optional.of(writable.getFirst()) : Optional.empty();
  }

  /** The highest number of an operation; 0 if there is none. */
  static long lastNumber(Node view) {
    return view.list("operations").stream().mapToLong(Views::number).max().orElse(0);
  }

  static long number(Node operation) {
    return number(operation.text("id"));
  }

  /** The number in {@code kind/name#number}. */
  static long number(String id) {
    return Long.parseLong(id.substring(id.indexOf('#') + 1));
  }

  static String code(Node view) {
    return view.at("diagnosis").text("code");
  }

  /** For people who read why a test failed. */
  static String describe(Node view) {
    StringBuilder text = new StringBuilder(view.at("diagnosis").text("sentence"));
    text.append(view.flag("leading") ? "" : " (not leading)").append(view.at("ledger").value());
    view.list("members").forEach(member -> text.append("\n  ").append(member.value()));
    view.list("links").forEach(link -> text.append("\n  ").append(link.value()));
    view.list("wanted").forEach(wanted -> text.append("\n  wanted ").append(wanted.value()));
    for (Node operation : view.list("operations")) {
      text.append("\n  ").append(operation.text("id")).append(' ').append(operation.text("type"));
      text.append(' ').append(operation.text("state")).append(' ').append(operation.text("note"));
    }
    return text.toString();
  }
}
