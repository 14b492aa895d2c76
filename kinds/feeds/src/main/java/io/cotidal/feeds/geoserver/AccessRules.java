package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.geoserver.SiteException.Kind;
import io.cotidal.feeds.job.Body;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** GeoServer's rules of access to data: those of our file, and nobody else's. */
final class AccessRules {
  private static final String MODE = "mode";

  private final Calls calls;

  AccessRules(Calls calls) {
    this.calls = calls;
  }

  Applied apply(Wanted.Rules wanted) throws SiteException {
    SortedMap<String, String> ours = new TreeMap<>();
    wanted.body().rules().stream()
        .filter(rule -> !rule.resource().equals(MODE))
        .forEach(rule -> ours.put(key(rule.resource()), rule.roles()));
    SortedMap<String, String> found = read();
    ObjectNode fresh = Tree.node();
    ObjectNode changed = Tree.node();
    ours.forEach((resource, roles) -> {
      if (!found.containsKey(resource)) {
        fresh.put(resource, roles);
      } else if (!roles(found.getOrDefault(resource, "")).equals(roles(roles))) {
        changed.put(resource, roles);
      }
    });
    String path = Rest.path("security", "acl", "layers.json");
    if (!fresh.isEmpty()) {
      calls.post(path, Tree.json(fresh));
    }
    if (!changed.isEmpty()) {
      calls.put(path, Tree.json(changed));
    }
    Set<String> late = keys(wanted.formerly());
    late.removeAll(ours.keySet());
    late.retainAll(found.keySet());
    remove(late);
    mode(wanted.body().rules());
    SortedMap<String, String> now = calls.writes() == 0 ? found : read();
    now.keySet().retainAll(ours.keySet());
    verify(ours, now);
    return new Applied(calls.writes(), Digest.of(now.toString()));
  }

  /** A rule that was told and is not there would leave data open, or shut, without a word. */
  private void verify(SortedMap<String, String> ours, SortedMap<String, String> now)
      throws SiteException {
    for (Map.Entry<String, String> rule : ours.entrySet()) {
      if (!roles(now.getOrDefault(rule.getKey(), "")).equals(roles(rule.getValue()))) {
        throw new SiteException(
            Kind.FAILED,
            calls.place(Rest.path("security", "acl", "layers.json"))
                + ": the rule "
                + rule.getKey()
                + " was told and is not there: look at GeoServer's log");
      }
    }
  }

  /** Takes rules away. */
  void remove(Set<String> resources) throws SiteException {
    for (String resource : keys(resources)) {
      if (!resource.equals(MODE)) {
        boolean _ = calls.delete(Rest.path("security", "acl", "layers", resource));
      }
    }
  }

  private void mode(List<Body.Rule> rules) throws SiteException {
    for (Body.Rule rule : rules) {
      if (rule.resource().equals(MODE)) {
        String path = Rest.path("security", "acl", "catalog.json");
        String wanted = rule.roles().toUpperCase(Locale.ROOT);
        boolean same =
            calls.get(path).map(one -> Tree.text(one, MODE)).filter(wanted::equals).isPresent();
        if (!same) {
          calls.put(path, Tree.json(Tree.node().put(MODE, wanted)));
        }
      }
    }
  }

  private SortedMap<String, String> read() throws SiteException {
    SortedMap<String, String> all = new TreeMap<>();
    JsonNode answer = calls.get(Rest.path("security", "acl", "layers.json")).orElseGet(Tree::node);
    answer.properties().forEach(one -> all.put(one.getKey(), Tree.text(one.getValue())));
    return all;
  }

  private static Set<String> keys(Set<String> resources) {
    Set<String> all = new TreeSet<>();
    resources.forEach(one -> all.add(key(one)));
    return all;
  }

  /**
   * A resource as GeoServer says it: in the file the backslash before a dot of a name is doubled,
   * and the access may be a capital.
   */
  static String key(String resource) {
    if (resource.equals(MODE)) {
      return MODE;
    }
    String single = resource.replace("\\\\.", "\\.");
    int last = single.lastIndexOf('.') + 1;
    return single.substring(0, last) + single.substring(last).toLowerCase(Locale.ROOT);
  }

  /** As GeoServer reads them: whoever names everybody names nobody else. */
  private static Set<String> roles(String text) {
    Set<String> all = new TreeSet<>(List.of(text.strip().split("[\\s,]+")));
    return all.contains("*") ? Set.of("*") : all;
  }
}
