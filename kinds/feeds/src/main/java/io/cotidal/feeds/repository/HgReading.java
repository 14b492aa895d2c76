package io.cotidal.feeds.repository;

import io.cotidal.feeds.repository.Commands.Call;
import io.cotidal.feeds.repository.Commands.Said;
import io.cotidal.remote.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads commits of Mercurial: names by {@code manifest}, sizes by {@code files}, contents by {@code
 * archive}. ({@code cat} wants to look into the repositories that a commit names as its parts.)
 */
final class HgReading {
  private static final long LISTING = 64L << 20;

  private final HgClone clone;
  private final Map<String, String> pending;

  /**
   * Makes one.
   *
   * @param pending further environment: in a hook, what lets Mercurial see the open transaction
   */
  HgReading(HgClone clone, Map<String, String> pending) {
    this.clone = clone;
    this.pending = Map.copyOf(pending);
  }

  private Call call(String... arguments) {
    return clone.reading(List.of(arguments)).with(pending);
  }

  Listing entries(String commit, Deadline deadline)
      throws RepositoryException, InterruptedException {
    GitReading.checkId(commit);
    try (Said said =
        clone.run(call("manifest", "--debug", "--rev=" + commit).most(LISTING), deadline)) {
      if (said.exit() != 0) {
        throw Complaint.of(clone.shown(), said.errors());
      }
      try (InputStream bytes = said.bytes()) {
        return HgManifest.read(bytes.readAllBytes());
      }
    } catch (IOException e) {
      throw Complaint.of(clone.shown(), e, deadline);
    }
  }

  List<Entry> sized(String commit, List<Entry> entries, Deadline deadline)
      throws RepositoryException, InterruptedException {
    GitReading.checkId(commit);
    try (Scratch.Moment moment = Scratch.Moment.in(clone.commands().scratch())) {
      String list = list(moment, entries);
      String[] line = {"files", "--rev=" + commit, "--template={path}\\0{size}\\0", "--", list};
      String[] words = clone.ask(call(line).most(LISTING), deadline).split("\0", -1);
      Map<String, Long> sizes = new HashMap<>();
      for (int i = 0; i + 1 < words.length; i += 2) {
        sizes.put(words[i], Long.parseLong(words[i + 1]));
      }
      List<Entry> sized = new ArrayList<>();
      for (Entry entry : entries) {
        Long size = sizes.get(entry.path());
        if (size == null) {
          throw new IOException("'%s' is listed and cannot be read".formatted(entry.path()));
        }
        sized.add(new Entry(entry.path(), entry.id(), OptionalLong.of(size)));
      }
      return sized;
    } catch (NumberFormatException e) {
      throw Complaint.of(clone.shown(), new IOException("hg files named no size", e), deadline);
    } catch (IOException e) {
      throw Complaint.of(clone.shown(), e, deadline);
    }
  }

  SortedMap<String, byte[]> read(String commit, List<Entry> entries, Deadline deadline)
      throws RepositoryException, InterruptedException {
    GitReading.checkId(commit);
    try (Scratch.Moment moment = Scratch.Moment.in(clone.commands().scratch())) {
      Path all = moment.folder().resolve("all");
      clone.ask(
          call(
              "archive",
              "--rev=" + commit,
              "--config",
              "ui.archivemeta=false",
              "--type=files",
              "--include=" + list(moment, entries),
              "--",
              // Mercurial puts words in the place of percent signs.
              all.toString().replace("%", "%%")),
          deadline);
      SortedMap<String, byte[]> contents = new TreeMap<>();
      for (Entry entry : entries) {
        contents.put(entry.path(), content(all, entry));
      }
      return contents;
    } catch (IOException e) {
      throw Complaint.of(clone.shown(), e, deadline);
    }
  }

  private static byte[] content(Path folder, Entry entry) throws IOException {
    try {
      Path file = folder.resolve(entry.path()).normalize();
      if (!file.startsWith(folder) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException("'%s' is listed and cannot be read".formatted(entry.path()));
      }
      if (entry.size().isPresent() && entry.size().getAsLong() != Files.size(file)) {
        throw new IOException("'%s' has another size than it said".formatted(entry.path()));
      }
      return Files.readAllBytes(file);
    } catch (InvalidPathException e) {
      throw new IOException(
          "'%s' cannot be read in this locale; start with LANG=C.UTF-8".formatted(entry.path()), e);
    }
  }

  /** A file of patterns that each mean one path and nothing else, as a pattern. */
  private static String list(Scratch.Moment moment, List<Entry> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Entry entry : entries) {
      bytes.writeBytes(("path:" + entry.path() + "\0").getBytes(StandardCharsets.UTF_8));
    }
    return "listfile0:" + Files.write(moment.folder().resolve("list"), bytes.toByteArray());
  }
}
