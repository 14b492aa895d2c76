package io.cotidal.feeds.transfer;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.transfer.TransferException.Kind;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Fetches many small files: one connection a host. */
record Batches(Transfer transfer, Cache cache, Rsync rsync) {
  /** What rsync says of so many files can be kept; of more its end would push out its beginning. */
  private static final int TOGETHER = 400;

  /** What has come is taken in, even if the deadline has passed meanwhile. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  Map<Blob, Fetched> fetch(Collection<Blob> blobs, Deadline deadline) throws InterruptedException {
    Map<Blob, Fetched> results = new LinkedHashMap<>();
    Map<String, List<Source>> hosts = new LinkedHashMap<>();
    List<Blob> single = new ArrayList<>();
    Set<String> asked = new HashSet<>();
    for (Blob blob : new LinkedHashSet<>(blobs)) {
      try {
        Source source = transfer.source(blob);
        Optional<Path> found = blob.pinned() ? cache.find(source.key()) : Optional.empty();
        if (found.isPresent()) {
          results.put(blob, new Fetched.Here(found.get()));
        } else if (Names.ascii(source.path()) && asked.add(source.host() + source.path())) {
          hosts.computeIfAbsent(source.host(), host -> new ArrayList<>()).add(source);
        } else {
          // A name that may not be one in the language of this process, or a file asked for twice.
          single.add(blob);
        }
      } catch (TransferException e) {
        results.put(blob, new Fetched.Failed(e));
      }
    }
    for (Map.Entry<String, List<Source>> host : hosts.entrySet()) {
      List<Source> all = host.getValue();
      for (int i = 0; i < all.size(); i += TOGETHER) {
        List<Source> some = all.subList(i, Math.min(all.size(), i + TOGETHER));
        results.putAll(together(host.getKey(), some, deadline));
      }
    }
    for (Blob blob : single) {
      results.put(blob, alone(blob, deadline));
    }
    Map<Blob, Fetched> ordered = new LinkedHashMap<>();
    blobs.forEach(blob -> ordered.put(blob, results.get(blob)));
    return ordered;
  }

  private Fetched alone(Blob blob, Deadline deadline) throws InterruptedException {
    try {
      return new Fetched.Here(transfer.fetch(blob, Wants.DOCUMENT, deadline, Progress.NONE));
    } catch (TransferException e) {
      return new Fetched.Failed(e);
    }
  }

  private Map<Blob, Fetched> together(String host, List<Source> sources, Deadline deadline)
      throws InterruptedException {
    Map<Blob, Fetched> results = new LinkedHashMap<>();
    try {
      Path scratch = cache.folders().made(cache.folders().fresh(".batch"));
      try {
        Arrival arrival = run(host, sources, scratch, deadline);
        for (Source source : sources) {
          results.put(source.blob(), arrived(source, scratch, arrival));
        }
      } finally {
        Folders.remove(scratch);
      }
    } catch (IOException e) {
      TransferException problem = TransferException.local(cache.folders().root(), e);
      sources.forEach(source -> results.putIfAbsent(source.blob(), new Fetched.Failed(problem)));
    }
    return results;
  }

  /** How the run ended: what it said of single files, or why it failed as a whole. */
  private record Arrival(String output, Optional<TransferException> trouble) {}

  private Arrival run(String host, List<Source> sources, Path scratch, Deadline deadline)
      throws IOException, InterruptedException {
    List<String> names = sources.stream().map(Source::path).toList();
    long most = Wants.DOCUMENT.maxBytes();
    Rsync.Order order =
        new Rsync.Order(
            List.of("--relative", "--chmod=F600", "--max-size=" + most),
            names,
            host + ":/",
            scratch + "/",
            Optional.empty());
    try {
      Result result = rsync.run(order, () -> Limit.check(scratch, most * names.size()), deadline);
      return new Arrival(result.output(), Troubles.of(host, result.exit(), result.output()));
    } catch (Limit.Exceeded e) {
      return new Arrival(
          "",
          Optional.of(
              new TransferException(
                  Kind.REFUSED, host + ": sends more than is allowed; look at that machine")));
    } catch (TransferException e) {
      return new Arrival("", Optional.of(e));
    }
  }

  /** A file gets its name there when all of it has come: also if the run failed later. */
  private Fetched arrived(Source source, Path scratch, Arrival arrival)
      throws IOException, InterruptedException {
    Path file = scratch.resolve(source.path().substring(1));
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return new Fetched.Failed(
          source.hinted(arrival.trouble().orElseGet(() -> absent(source, arrival.output()))));
    }
    try {
      long modified = Download.modified(file);
      Digests digests = Digests.of(file, Deadline.in(GRACE));
      source.verify(digests);
      return new Fetched.Here(cache.adopt(source.key(), file, digests, modified));
    } catch (TransferException e) {
      return new Fetched.Failed(e);
    }
  }

  /** Only what was said of this file is about it. */
  private static TransferException absent(Source source, String output) {
    String name = source.path().substring(1);
    String mine =
        output
            .lines()
            .filter(line ->
                line.contains("/" + name + "\"")
                    || line.contains("\"" + name + "\"")
                    || line.startsWith(name + " is over max-size"))
            .reduce("", (all, line) -> all + line + "\n");
    return Troubles.absent(source.toString(), mine);
  }
}
