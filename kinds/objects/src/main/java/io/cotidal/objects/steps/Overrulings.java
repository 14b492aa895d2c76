package io.cotidal.objects.steps;

import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.state.Imprint;
import io.cotidal.objects.state.Overruled;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was overruled about containers themselves: a line of JSON each, in {@code containers.jsonl};
 * what is full becomes {@code containers.1.jsonl}. Holds marks of secrets, no secrets. Thread-safe.
 */
final class Overrulings {
  private static final long MOST = 8L << 20;

  private final Path now;
  private final Path before;
  private final ReentrantLock lock = new ReentrantLock();

  /** In that folder, which is there. */
  Overrulings(Path folder) {
    this.now = folder.resolve("containers.jsonl");
    this.before = folder.resolve("containers.1.jsonl");
  }

  /** One line of it. */
  record Told(Instant at, ContainerName container, String loser, String sentence) {}

  /** Appends them; they are on the disk when this returns. */
  void append(ContainerName container, List<Overruled> overruled, Instant at) throws IOException {
    if (overruled.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder();
    overruled.forEach(one -> text.append(line(container, one, at)).append('\n'));
    lock.lock();
    try {
      if (Files.exists(now) && Files.size(now) > MOST) {
        Files.move(now, before, StandardCopyOption.ATOMIC_MOVE);
      }
      boolean fresh = !Files.exists(now);
      try (FileChannel channel =
          FileChannel.open(
              now,
              EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      if (fresh) {
        Durable.sync(now.resolveSibling("."));
      }
    } finally {
      lock.unlock();
    }
  }

  private static String line(ContainerName container, Overruled one, Instant at) {
    ObjectNode line = JsonMapper.shared().createObjectNode();
    line.put("at", at.toString());
    line.put("account", container.account());
    line.put("container", container.container());
    line.put("sort", one.sort().name());
    line.put("winner", one.winner().name());
    line.put("loser", one.loser().name());
    line.put("sentence", one.sentence());
    put(line, "won", one.won());
    put(line, "lost", one.lost());
    return JsonMapper.shared().writeValueAsString(line);
  }

  private static void put(ObjectNode line, String what, Optional<Imprint> imprint) {
    imprint.ifPresent(each -> {
      ObjectNode node = line.putObject(what);
      each.shown().forEach(node::put);
    });
  }

  /** The latest so many, the latest first. */
  List<Told> latest(int limit) throws IOException {
    List<Told> all = new ArrayList<>();
    for (Path file : List.of(before, now)) {
      if (Files.exists(file)) {
        for (String line : Files.readAllLines(file)) {
          read(line).ifPresent(all::add);
        }
      }
    }
    return all.reversed().stream().limit(limit).toList();
  }

  /** Empty if it is no whole line: what was never acknowledged. */
  private static Optional<Told> read(String text) {
    try {
      JsonNode line = JsonMapper.shared().readTree(text);
      return Optional.of(
          new Told(
              Instant.parse(line.path("at").asString("")),
              new ContainerName(
                  line.path("account").asString(""), line.path("container").asString("")),
              line.path("loser").asString(""),
              line.path("sentence").asString("")));
    } catch (JacksonException | IllegalArgumentException | java.time.DateTimeException e) {
      return Optional.empty();
    }
  }
}
