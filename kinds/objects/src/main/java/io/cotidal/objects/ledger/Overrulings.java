package io.cotidal.objects.ledger;

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
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was overruled about containers and accounts themselves: a line of JSON each, in {@code
 * NAME.jsonl}; what is full becomes {@code NAME.1.jsonl}. Holds marks of secrets, no secrets.
 * Thread-safe.
 */
public final class Overrulings {
  private static final long MOST = 8L << 20;

  private final Path now;
  private final Path before;
  private final ReentrantLock lock = new ReentrantLock();
  private final LongAdder written = new LongAdder();

  /**
   * Those of a folder, which is there.
   *
   * @param name of its files
   */
  public Overrulings(Path folder, String name) {
    this.now = folder.resolve(name + ".jsonl");
    this.before = folder.resolve(name + ".1.jsonl");
  }

  /**
   * One about a container.
   *
   * @param loser the site whose word does not hold
   */
  public record Told(Instant at, ContainerName container, String loser, String sentence) {}

  /**
   * Appends what was overruled of a container.
   *
   * @throws IOException if it may not be on the disk: nothing is to be overruled then
   */
  public void append(ContainerName container, List<Overruled> overruled, Instant at)
      throws IOException {
    append(container.account(), container.container(), overruled, at);
  }

  /**
   * The same of what an account says of itself.
   *
   * @throws IOException if it may not be on the disk
   */
  public void append(String account, List<Overruled> overruled, Instant at) throws IOException {
    append(account, "", overruled, at);
  }

  private void append(String account, String container, List<Overruled> overruled, Instant at)
      throws IOException {
    if (overruled.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder();
    overruled.forEach(one -> text.append(line(account, container, one, at)).append('\n'));
    lock.lock();
    try {
      if (Files.exists(now) && Files.size(now) > MOST) {
        Files.move(now, before, StandardCopyOption.ATOMIC_MOVE);
      }
      boolean fresh = !Files.exists(now);
      write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
      if (fresh) {
        Durable.sync(now.resolveSibling("."));
      }
      written.add(overruled.size());
    } finally {
      lock.unlock();
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            now,
            EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static String line(String account, String container, Overruled one, Instant at) {
    ObjectNode line = JsonMapper.shared().createObjectNode();
    line.put("at", at.toString());
    line.put("account", account);
    line.put("container", container);
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

  /** How many were written down since this was made. */
  public long written() {
    return written.sum();
  }

  /** The latest so many about containers, the latest first. */
  public List<Told> latest(int limit) throws IOException {
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
