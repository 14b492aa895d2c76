package io.cotidal.copies.compat;

import io.cotidal.model.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Templates and copies in memory, all made at one moment. */
final class MemoryDesk implements CopyDesk {
  /** 2026-11-21 10:00:00 UTC. */
  static final long NOW = 1_795_255_200_000_000L;

  static final String PASSWORD = "correct-horse";

  final SortedSet<String> templates = new TreeSet<>();
  final SortedSet<String> importing = new TreeSet<>();
  final SortedMap<List<String>, Copy> copies =
      new TreeMap<>((a, b) -> String.join("\0", a).compareTo(String.join("\0", b)));
  final List<String> calls = new ArrayList<>();
  Optional<Refused> refusal = Optional.empty();

  MemoryDesk with(String template, String... names) {
    templates.add(template);
    for (String name : names) {
      put(template, name, Standing.RUNNING, 0);
    }
    return this;
  }

  void put(String template, String name, Standing standing, long expires) {
    copies.put(
        List.of(template, name), new Copy(template, name, "mysql", standing, NOW, NOW, expires));
  }

  @Override
  public List<String> templates() {
    return List.copyOf(templates);
  }

  @Override
  public List<Copy> copies() {
    return List.copyOf(copies.values());
  }

  @Override
  public Lookup show(String template, String name) {
    if (refusal.isPresent()) {
      return refusal.get();
    }
    Copy copy = copies.get(List.of(template, name));
    return copy == null ? new NoCopy() : shown(copy);
  }

  private static Shown shown(Copy copy) {
    return new Shown(
        copy,
        new Reach("db.example", 33061, "default", "myaas", Optional.of(new Secret(PASSWORD))));
  }

  @Override
  public Optional<Container> inspect(String template, String name) {
    return Optional.ofNullable(copies.get(List.of(template, name)))
        .map(copy ->
            new Container(shown(copy), template + ".c17", "mariadb:10.11", "/v/c17/data", 3306));
  }

  @Override
  public Creation create(String template, String name, Optional<Duration> ttl) {
    calls.add("create " + template + " " + name + " " + ttl.map(Duration::toString).orElse("-"));
    if (refusal.isPresent()) {
      return refusal.get();
    }
    if (copies.containsKey(List.of(template, name))) {
      return new Exists();
    }
    if (importing.contains(template)) {
      return new Importing();
    }
    if (!templates.contains(template)) {
      return new NoTemplate();
    }
    long expires =
        ttl.filter(life -> !life.isZero()).map(life -> NOW + life.toNanos() / 1000).orElse(0L);
    put(template, name, Standing.RUNNING, expires);
    return show(template, name) instanceof Shown shown ? shown : new Importing();
  }

  @Override
  public Removal remove(String template, String name) {
    calls.add("remove " + template + " " + name);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    return copies.remove(List.of(template, name)) == null ? new NoCopy() : new Removed();
  }
}
