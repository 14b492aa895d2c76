package io.cotidal.feeds.transfer;

import io.cotidal.feeds.transfer.TransferException.Kind;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fetches one file; its caller has the turn for the key. */
record Download(Cache cache, Rsync rsync, Source source, Wants wants) {
  private static final Pattern LISTED =
      Pattern.compile(
          "(?m)^-\\S{9,10}\\s+(\\d{1,18}) (\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d) ");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu/MM/dd HH:mm:ss");

  /** A file that was changed so lately may be changed again within the same second. */
  private static final long SETTLED = 3;

  Path fetch(Deadline deadline, Progress progress) throws TransferException, InterruptedException {
    try {
      Optional<Path> here = here(deadline);
      return here.isPresent() ? here.get() : bring(deadline, progress);
    } catch (IOException e) {
      throw thrownAway(deadline.over() ? Rsync.late(source) : Transfer.local(source, e));
    } catch (TransferException e) {
      throw thrownAway(e);
    }
  }

  private Path partial() {
    String path = source.path();
    return cache.folders().partial(source.key(), path.substring(path.lastIndexOf('/') + 1));
  }

  /** Another may have brought it while we waited for our turn. */
  private Optional<Path> here(Deadline deadline)
      throws TransferException, IOException, InterruptedException {
    Optional<Path> found = cache.find(source.key());
    if (found.isEmpty() || source.blob().pinned()) {
      return found;
    }
    Optional<Entry> entry = cache.entry(source.key());
    return entry.isPresent() && unchanged(entry.get(), deadline) ? found : Optional.empty();
  }

  private boolean unchanged(Entry entry, Deadline deadline)
      throws TransferException, IOException, InterruptedException {
    Result result = run(List.of("--list-only", "--no-relative"), () -> {}, deadline);
    Matcher line = LISTED.matcher(result.output());
    if (!line.find()) {
      throw Troubles.absent(source.toString(), result.output());
    }
    return Long.parseLong(line.group(1)) == entry.size()
        && seconds(line.group(2)) == entry.modified();
  }

  private static long seconds(String time) {
    try {
      return LocalDateTime.parse(time, TIME).toEpochSecond(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      return -1;
    }
  }

  private Path bring(Deadline deadline, Progress progress)
      throws TransferException, IOException, InterruptedException {
    Path folder = cache.folders().made(partial());
    // Whatever lies there is compared by its content, for its time says nothing.
    List<String> options =
        List.of(
            "--no-relative",
            "--inplace",
            "--partial",
            "--ignore-times",
            "--chmod=F600",
            "--max-size=" + wants.maxBytes());
    Result result =
        run(options, () -> progress.at(Limit.check(folder, wants.maxBytes())), deadline);
    Path file =
        only(folder, result).orElseThrow(() -> Troubles.absent(source.toString(), result.output()));
    if (result.exit() != 0) {
      throw Troubles.absent(source.toString(), result.output());
    }
    Limit.check(folder, wants.maxBytes());
    long modified = modified(file);
    Digests digests = Digests.of(file, deadline);
    source.verify(digests);
    Path content = cache.adopt(source.key(), file, digests, modified);
    Folders.remove(folder);
    progress.done(Traffic.read(result.output()));
    return content;
  }

  private Result run(List<String> options, Rsync.Watch watch, Deadline deadline)
      throws TransferException, IOException, InterruptedException {
    Rsync.Order order =
        new Rsync.Order(
            new ArrayList<>(options),
            List.of(source.path()),
            source.host() + ":/",
            partial() + "/",
            Optional.of(source.key()));
    Result result = rsync.run(order, watch, deadline);
    Optional<TransferException> trouble =
        Troubles.of(source.toString(), result.exit(), result.output());
    if (trouble.isPresent()) {
      throw trouble.get();
    }
    return result;
  }

  /** The name is the other machine's, and may not be one in the language of this process. */
  private Optional<Path> only(Path folder, Result result) throws TransferException, IOException {
    List<Path> all = Folders.list(folder);
    if (all.size() == 1 && Files.isRegularFile(all.getFirst(), LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of(all.getFirst());
    }
    if (all.size() > 1) {
      throw new TransferException(
          Kind.CORRUPT,
          source + ": more than one file came: " + Names.printable(result.lastLine()));
    }
    return Optional.empty();
  }

  /** In seconds; negative if it was changed so lately that the same time may come again. */
  static long modified(Path file) throws IOException {
    long modified =
        Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant().getEpochSecond();
    return Instant.now().getEpochSecond() - modified > SETTLED ? modified : -1;
  }

  /** What has come so far stays only if a later try can go on from it. */
  private TransferException thrownAway(TransferException problem) {
    boolean useless =
        switch (problem.kind()) {
          case CORRUPT, FULL, REFUSED -> true;
          case UNREACHABLE, UNKNOWN_HOST, MISSING, LATE, LOCAL -> false;
        };
    if (useless) {
      try {
        Folders.remove(partial());
      } catch (IOException e) {
        problem.addSuppressed(e);
      }
    }
    return source.hinted(problem);
  }
}
