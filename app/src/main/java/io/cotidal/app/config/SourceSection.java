package io.cotidal.app.config;

import io.cotidal.sources.spec.SourceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads a source of members: one mapping, whose one key says what kind of source it is. */
final class SourceSection {
  private static final List<String> COMPOSED = List.of("union", "intersection");

  private final Secrets secrets;
  private final Duration period;

  /**
   * Reads sources.
   *
   * @param period how often each is asked that does not say otherwise
   */
  SourceSection(Secrets secrets, Duration period) {
    this.secrets = secrets;
    this.period = period;
  }

  /** The source; empty if something of it is wrong, and then reported. */
  Optional<SourceSpec> read(Section section) {
    Map<String, Function<Section, Optional<SourceSpec>>> kinds = kinds();
    List<SourceSpec> found = new ArrayList<>();
    int written = 0;
    for (var kind : kinds.entrySet()) {
      if (section.has(kind.getKey())) {
        written++;
        section.section(kind.getKey()).flatMap(kind.getValue()).ifPresent(found::add);
      }
    }
    for (String composed : COMPOSED) {
      if (section.has(composed)) {
        written++;
        composed(section, composed).ifPresent(found::add);
      }
    }
    if (section.has("members")) {
      written++;
      found.add(new SourceSpec.Fixed(new DirectoryMembers(section).candidates()));
    }
    section.close();
    if (written != 1) {
      section.reject(
          written == 0 ? "names no source" : "names " + written + " sources",
          "write one of members, "
              + String.join(", ", kinds.keySet())
              + ", union, intersection; the last two take several");
    }
    return written == 1 && found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  private Map<String, Function<Section, Optional<SourceSpec>>> kinds() {
    SourceKinds read = new SourceKinds(secrets, period);
    Map<String, Function<Section, Optional<SourceSpec>>> kinds = new LinkedHashMap<>();
    kinds.put("file", read::file);
    kinds.put("http", read::http);
    kinds.put("dns", read::dns);
    kinds.put("rancher", read::rancher);
    kinds.put("consul", read::consul);
    kinds.put("docker", read::docker);
    kinds.put("kubernetes", read::kubernetes);
    return kinds;
  }

  private Optional<SourceSpec> composed(Section section, String key) {
    List<SourceSpec> parts = new ArrayList<>();
    List<Section> items = section.items(key);
    items.forEach(item -> read(item).ifPresent(parts::add));
    if (section.count(key) == 0) {
      section.problem(key, "names no source", "write at least two sources, each after a dash");
    }
    if (parts.isEmpty() || parts.size() != section.count(key)) {
      return Optional.empty();
    }
    return Optional.of(
        key.equals("union") ? new SourceSpec.Union(parts) : new SourceSpec.Intersection(parts));
  }
}
