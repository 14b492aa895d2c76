package io.cotidal.postgres.hooks;

import io.cotidal.model.MemberId;
import io.cotidal.postgres.observe.Told;
import io.cotidal.postgres.spec.Plugin;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The plug-in that tells how far replicas are, asked every few seconds beside the looks: no look
 * waits for it. Each answer holds until the next one; without a whole answer in time nothing is
 * known. Thread-safe.
 */
public final class StatusPlugin implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final PluginHooks hooks;
  private final Optional<Plugin> plugin;
  private final Map<MemberId, Answer> answers = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** What is known of one member; who holds {@code asking} asks. */
  private static final class Answer {
    private final AtomicReference<@Nullable Thread> asking = new AtomicReference<>();
    private volatile @Nullable Told told;
    private volatile long due = System.nanoTime();
  }

  /** That of {@code spec}, if it has one; nobody is asked yet. */
  public StatusPlugin(PostgresSpec spec, LocalProcesses processes) {
    this.hooks = new PluginHooks(spec, processes);
    this.plugin = spec.practice().plugins(Plugin.Hook.REPLICATION_STATUS).stream().findFirst();
  }

  /** What was said last of that replica; null if nobody is asked, or has not answered yet. */
  public @Nullable Told latest(MemberId member) {
    if (plugin.isEmpty() || closed) {
      return null;
    }
    Answer answer = answers.computeIfAbsent(member, _ -> new Answer());
    if (System.nanoTime() - answer.due >= 0) {
      Thread thread =
          Thread.ofVirtual()
              .name("status of " + member)
              .unstarted(() -> ask(plugin.get(), member, answer));
      if (answer.asking.compareAndSet(null, thread)) {
        thread.start();
      }
    }
    return answer.told;
  }

  private void ask(Plugin asked, MemberId member, Answer answer) {
    try {
      Deadline deadline = Deadline.in(asked.limit());
      answer.told = Told.of(asked.name(), hooks.about(asked, member, deadline));
    } catch (PluginHooks.Declined | IOException e) {
      answer.told = Told.unknown(asked.name(), String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      // Closed: nobody reads it any more.
      answer.told = Told.unknown(asked.name(), "asking it was interrupted");
    } finally {
      answer.due = System.nanoTime() + PERIOD.toNanos();
      answer.asking.set(null);
    }
  }

  /** Ends the plug-ins that run. */
  @Override
  public void close() {
    closed = true;
    for (Answer answer : answers.values()) {
      Thread thread = answer.asking.get();
      if (thread != null) {
        thread.interrupt();
      }
    }
  }
}
