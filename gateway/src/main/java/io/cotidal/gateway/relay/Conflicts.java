package io.cotidal.gateway.relay;

import io.cotidal.model.MemberId;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was overruled here: a line of JSON each, as the daemon's ledger of containers has them; what
 * is full becomes {@code conflicts.1.jsonl}. Holds marks of secrets, no secrets. Thread-safe.
 */
final class Conflicts {
  private static final long MOST = 8L << 20;

  private final Path now;
  private final Path before;
  private final ReentrantLock lock = new ReentrantLock();

  /** In that folder, which is there. */
  Conflicts(Path folder) {
    this.now = folder.resolve("conflicts.jsonl");
    this.before = folder.resolve("conflicts.1.jsonl");
  }

  /** Appends them; they are on the disk when this returns. */
  void append(ContainerName container, List<Overruled> overruled, Instant at) throws IOException {
    StringBuilder text = new StringBuilder();
    overruled.forEach(one -> text.append(line(container, one, at)).append('\n'));
    append(text.toString());
  }

  /** The same for changes of an account, without their values. */
  void account(String account, AccountChoice choice, Instant at) throws IOException {
    StringBuilder text = new StringBuilder();
    for (MemberId loser : choice.losers()) {
      ObjectNode line = JsonMapper.shared().createObjectNode();
      line.put("at", at.toString());
      line.put("account", account);
      line.put("container", "");
      line.put("sort", Overruled.Sort.STATE.name());
      line.put("winner", choice.winner().name());
      line.put("loser", loser.name());
      line.put(
          "sentence",
          "the change of the account at %s holds, that at %s does not"
              .formatted(choice.winner(), loser));
      text.append(JsonMapper.shared().writeValueAsString(line)).append('\n');
    }
    append(text.toString());
  }

  private void append(String text) throws IOException {
    if (text.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      if (Files.exists(now) && Files.size(now) > MOST) {
        Files.move(now, before, StandardCopyOption.ATOMIC_MOVE);
      }
      boolean fresh = !Files.exists(now);
      write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      if (fresh) {
        Durable.sync(now.resolveSibling("."));
      }
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
}
