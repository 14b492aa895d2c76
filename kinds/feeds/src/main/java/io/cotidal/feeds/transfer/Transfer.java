package io.cotidal.feeds.transfer;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.feeds.transfer.TransferException.Kind;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings files from the master, or from a relay, into a {@link Cache}, and previews back to the
 * master. A file is at its caller's disposal only when it is what the job says.
 *
 * <p>A relay is another replica that serves its cache. The original asked a relay for {@code
 * SYNC_PATH/TABLE.tar} and {@code SYNC_PATH/TABLE.STYLE.sld}: two workspaces with a table of the
 * same name got each other's data, and the files were deleted after use. Those names are given up:
 * a relay is asked for {@code FOLDER/served/ab/KEY}, where the key is the checksum of the job, or
 * the SHA-256 of {@code host:path} if the job has none.
 *
 * <p>Blocks; several threads may use one. Interruption ends the programs that run.
 */
public final class Transfer {
  private final FeedsSpec.Transfer settings;
  private final Cache cache;
  private final Rsync rsync;

  /**
   * From where these settings say.
   *
   * @param ssh the program of {@link SshProgram}
   */
  public Transfer(FeedsSpec.Transfer settings, Cache cache, Path ssh, LocalProcesses processes) {
    this(settings, cache, new Rsync(ssh, processes, cache.folders(), List.of()));
  }

  Transfer(FeedsSpec.Transfer settings, Cache cache, Rsync rsync) {
    this.settings = settings;
    this.cache = cache;
    this.rsync = rsync;
  }

  /** What is missing on this machine, with the remedy; empty if nothing is. */
  public static Optional<String> missing() {
    return Rsync.missing();
  }

  /** Whether others may fetch from here. */
  public boolean serves() {
    return settings.serve();
  }

  /**
   * Fetches one file, unless it is here. If it came in part before, only the rest is sent. If the
   * job has no checksum, the master is always asked whether the file has changed (size and time).
   *
   * @return where it lies; it stays until the cache is trimmed
   */
  public Path fetch(Blob blob, Wants wants, Deadline deadline, Progress progress)
      throws TransferException, InterruptedException {
    Source source = source(blob);
    if (blob.pinned()) {
      Optional<Path> found = cache.find(source.key());
      if (found.isPresent()) {
        return found.get();
      }
    }
    try (Turn _ = Turn.wait(cache.folders(), source.key(), deadline)) {
      return new Download(cache, rsync, source, wants).fetch(deadline, progress);
    }
  }

  /**
   * Fetches many small files, those of one host over one connection. Each has its own result; one
   * that is missing or wrong keeps no other back.
   */
  public Map<Blob, Fetched> fetchAll(Collection<Blob> blobs, Deadline deadline)
      throws InterruptedException {
    return new Batches(this, cache, rsync).fetch(blobs, deadline);
  }

  /**
   * Sends a file to the master, readable for everybody, and makes the folders above it. Readers
   * there see the old file or the new one. Links among those folders are followed, except that
   * rsync 3.5 and later at the master refuse those to an absolute path.
   *
   * @param to its checksum is not looked at
   */
  public void send(Path file, Blob to, Deadline deadline)
      throws TransferException, InterruptedException {
    String path = Names.path(prefixed(Names.check(to).path()));
    new Upload(cache.folders(), rsync).send(file, to.host(), path, deadline);
  }

  /** Where that blob is asked for. */
  Source source(Blob blob) throws TransferException {
    String key = Names.key(Names.check(blob));
    Optional<FeedsSpec.Relay> relay = settings.relay();
    if (relay.isEmpty()) {
      return new Source(blob, key, blob.host(), Names.path(prefixed(blob.path())), "");
    }
    String folder = relay.get().folder();
    while (folder.endsWith("/")) {
      folder = folder.substring(0, folder.length() - 1);
    }
    String path = folder + "/served/" + key.substring(0, 2) + "/" + key;
    return new Source(blob, key, Names.host(relay.get().host()), Names.path(path), RELAYED);
  }

  private static final String RELAYED =
      "; the relay must serve its cache, and take this job itself before it has the file";

  private String prefixed(String path) {
    String prefix = settings.prefix();
    return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) + path : prefix + path;
  }

  /** A problem of the cache, as callers see it. */
  static TransferException local(Source source, IOException problem) {
    return problem instanceof Limit.Exceeded
        ? new TransferException(
            Kind.REFUSED, source + ": larger than is allowed; see whether the job is right")
        : TransferException.local(source, problem);
  }
}
