package io.cotidal.app.config;

import io.cotidal.model.MemberId;
import io.cotidal.objects.spec.Placement;
import io.cotidal.objects.spec.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads which containers lie at which sites. */
final class ObjectsPlacement {
  private static final String KEY = "placement";
  private static final String SITES = "sites";

  private final Section section;
  private final List<String> known;

  /**
   * Of a namespace.
   *
   * @param known what its sites are called; empty if that could not be read, and is reported
   */
  ObjectsPlacement(Section section, List<String> known) {
    this.section = section;
    this.known = known;
  }

  /** The rules, in their order; everything everywhere if there are none. */
  Placement read() {
    List<Placement.Rule> rules = new ArrayList<>();
    Optional<Section> all = Optional.empty();
    for (Section item : section.items(KEY)) {
      if (all.isPresent()) {
        item.reject(
            "never holds: the rule on line " + all.get().place().line() + " fits everything",
            "put that one last");
        all = Optional.empty();
      }
      Placement.Rule rule = rule(item);
      rules.add(rule);
      boolean everything =
          rule.account().isEmpty()
              && rule.container().isEmpty()
              && rule.policy().isEmpty()
              && rule.header().isEmpty();
      if (everything) {
        all = Optional.of(item);
      }
    }
    return new Placement(rules);
  }

  private Placement.Rule rule(Section item) {
    Optional<String> account = optional(item, "account", ObjectsForms.pattern());
    Optional<String> container = optional(item, "container", ObjectsForms.pattern());
    Optional<String> policy = optional(item, "policy", ObjectsForms.policy());
    Optional<Placement.Header> header = item.section("header").flatMap(ObjectsPlacement::header);
    List<MemberId> sites = sites(item);
    Optional<Promise> answer =
        item.get(
            "answer",
            FeedsForms.maybe(Forms.word(Promise.class)),
            Value.standard(Optional.empty(), "(the namespace's)"));
    item.close();
    return new Placement.Rule(account, container, policy, header, sites, answer);
  }

  private static Optional<String> optional(Section item, String key, Form<String> form) {
    return item.get(key, FeedsForms.maybe(form), Value.standard(Optional.empty(), "(any)"));
  }

  private static Optional<Placement.Header> header(Section header) {
    Optional<String> name =
        header.need(
            "name",
            ObjectsForms.header(),
            Optional.empty(),
            "write for example X-Container-Meta-Region");
    String value = header.get("value", FeedsForms.line(), Value.standard("*", "* (any)"));
    header.close();
    return name.map(each -> new Placement.Header(each, value));
  }

  private List<MemberId> sites(Section item) {
    if (!item.has(SITES)) {
      item.problem(SITES, "is missing", "write [SITE, SITE]");
      return List.of();
    }
    List<MemberId> sites = new ArrayList<>();
    for (String word : item.words(SITES, Forms.name())) {
      if (!known.isEmpty() && !known.contains(word)) {
        item.problem(
            SITES,
            Quote.of(word) + " is no site",
            Nearest.to(word, known)
                .map(near -> "did you mean " + near + "?")
                .orElse("write one of " + String.join(", ", known)));
      } else if (sites.contains(new MemberId(word))) {
        item.problem(SITES, "names " + word + " twice", "keep one of them");
      } else {
        sites.add(new MemberId(word));
      }
    }
    return sites;
  }
}
