package io.cotidal.gateway.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.lab.swift.SwiftUser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/** A gateway that is killed again and again, at any moment, and what its clients were told. */
final class RandomKills {
  private static final int CONTAINERS = 8;

  private final Pair pair;
  private final Path folder;
  private final long seed;
  private final Random chance;

  /** What each container must say of itself; those that must not be there are not in it. */
  private final TreeMap<String, String> values = new TreeMap<>();

  /** Of which nobody knows, for their client was never told. */
  private final TreeSet<String> unsure = new TreeSet<>();

  private int told;

  RandomKills(Pair pair, Path folder, long seed) {
    this.pair = pair;
    this.folder = folder;
    this.seed = seed;
    this.chance = new Random(seed);
  }

  /** One request, as a client would repeat it until somebody tells it. */
  private record Request(String path, Optional<String> value) {
    String line() {
      return value
          .map(text -> "PUT " + path + " X-Container-Meta-V=" + text)
          .orElse("DELETE " + path);
    }
  }

  /** How many requests were answered. */
  int told() {
    return told;
  }

  /** Starts one, lets it answer some requests, and kills it while it answers one more. */
  void kill(int number) throws Exception {
    try (KilledGateway gateway = KilledGateway.start(pair, folder, KilledGateway.NOWHERE)) {
      int many = 3 + chance.nextInt(10);
      for (int i = 0; i < many; i++) {
        Request request = next(number + "-" + i);
        gateway.send(request.line());
        assertThat(answered(gateway, request)).as("seed %d, kill %d", seed, number).isTrue();
      }
      Request last = next(number + "-last");
      gateway.send(last.line());
      gateway.kill(Duration.ofMillis(chance.nextInt(chance.nextBoolean() ? 60 : 600)));
      if (!answered(gateway, last)) {
        values.remove(last.path());
        unsure.add(last.path());
      }
    }
  }

  /** No other run has the same. */
  private String path(int container) {
    return "/any" + Long.toHexString(seed) + "-" + container;
  }

  private Request next(String value) {
    String path = path(chance.nextInt(CONTAINERS));
    boolean delete = values.containsKey(path) && chance.nextInt(4) == 0;
    return new Request(path, delete ? Optional.empty() : Optional.of(value));
  }

  private boolean answered(KilledGateway gateway, Request request) throws Exception {
    Optional<String> line = gateway.told();
    if (line.isEmpty()) {
      return false;
    }
    assertThat(line.get()).as("seed %d", seed).startsWith("told " + request.path() + " 20");
    told++;
    unsure.remove(request.path());
    request
        .value()
        .ifPresentOrElse(
            value -> values.put(request.path(), value), () -> values.remove(request.path()));
    return true;
  }

  /** What was told is so at both sites; what was not is the same at both. */
  void check() throws Exception {
    for (int i = 0; i < CONTAINERS; i++) {
      String path = path(i);
      Optional<String> east = value(pair.eastUser(), path);
      assertThat(value(pair.westUser(), path)).as("seed %d, %s", seed, path).isEqualTo(east);
      if (!unsure.contains(path)) {
        assertThat(east)
            .as("seed %d, %s", seed, path)
            .isEqualTo(Optional.ofNullable(values.get(path)));
      }
    }
  }

  private static Optional<String> value(SwiftUser site, String path) throws Exception {
    var answer = site.head(path);
    assertThat(List.of(204, 404)).contains(answer.status());
    return answer.status() == 404 ? Optional.empty() : answer.header("X-Container-Meta-V");
  }
}
