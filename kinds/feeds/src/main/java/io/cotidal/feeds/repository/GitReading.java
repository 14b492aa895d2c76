package io.cotidal.feeds.repository;

import io.cotidal.feeds.repository.Commands.Said;
import io.cotidal.feeds.repository.RepositoryException.Kind;
import io.cotidal.remote.Deadline;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads commits of Git: names by {@code ls-tree}, contents by {@code cat-file}. */
final class GitReading {
  /** So much of a listing is read: about half a million files. */
  private static final long LISTING = 64L << 20;

  private static final int LONGEST_LINE = 256;
  private static final Pattern ID = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final Pattern HEAD =
      Pattern.compile("([0-7]{6}) ([a-z]+) ([0-9a-f]{40,64}) +([0-9]+|-)");

  private final GitClone clone;

  GitReading(GitClone clone) {
    this.clone = clone;
  }

  /** Lets a full identifier pass, and nothing that could be an option or an expression. */
  static void checkId(String commit) throws RepositoryException {
    if (!ID.matcher(commit).matches()) {
      throw new RepositoryException(
          Kind.BROKEN,
          "'%s' is no commit; give the full identifier".formatted(Names.printable(commit)));
    }
  }

  Listing entries(String commit, Deadline deadline)
      throws RepositoryException, InterruptedException {
    checkId(commit);
    try (Said said =
        clone.run(
            clone.call(List.of("ls-tree", "-r", "-z", "-l", "--full-tree", commit)).most(LISTING),
            deadline)) {
      if (said.exit() != 0) {
        throw Complaint.of(clone.shown(), said.errors());
      }
      try (InputStream bytes = new BufferedInputStream(said.bytes())) {
        return listing(bytes);
      }
    } catch (IOException e) {
      throw Complaint.of(clone.shown(), e, deadline);
    }
  }

  /** Reads {@code mode type id size TAB path NUL}, again and again. */
  static Listing listing(InputStream bytes) throws IOException {
    List<Entry> entries = new ArrayList<>();
    SortedMap<String, String> refused = new TreeMap<>();
    while (true) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      int next = bytes.read();
      if (next < 0) {
        return new Listing(entries, refused);
      }
      int tab = -1;
      while (next > 0) {
        if (next == '\t' && tab < 0) {
          tab = line.size();
        }
        line.write(next);
        next = bytes.read();
      }
      if (next < 0 || tab < 0) {
        throw new IOException("git ls-tree printed what cannot be read");
      }
      add(line.toByteArray(), tab, entries, refused);
    }
  }

  private static void add(
      byte[] line, int tab, List<Entry> entries, SortedMap<String, String> refused)
      throws IOException {
    String head = new String(line, 0, tab, StandardCharsets.ISO_8859_1);
    Matcher matcher = HEAD.matcher(head);
    if (!matcher.matches()) {
      throw new IOException("git ls-tree printed what cannot be read");
    }
    byte[] path = new byte[line.length - tab - 1];
    System.arraycopy(line, tab + 1, path, 0, path.length);
    Names.Read name = Names.of(path);
    if (name.refusal().isPresent()) {
      refused.put(name.shown(), name.refusal().get());
    } else if (matcher.group(1).equals("120000")) {
      refused.put(name.shown(), "it is a link, and links are not followed");
    } else if (!matcher.group(2).equals("blob") || matcher.group(4).equals("-")) {
      refused.put(name.shown(), "it is another repository");
    } else {
      entries.add(
          new Entry(
              name.shown(), matcher.group(3), OptionalLong.of(Long.parseLong(matcher.group(4)))));
    }
  }

  SortedMap<String, byte[]> read(List<Entry> entries, Deadline deadline)
      throws RepositoryException, InterruptedException {
    StringBuilder wanted = new StringBuilder();
    long most = Commands.LITTLE;
    for (Entry entry : entries) {
      checkId(entry.id());
      wanted.append(entry.id()).append('\n');
      most += entry.size().orElse(0) + LONGEST_LINE;
    }
    try (Said said =
        clone.run(
            clone
                .call(List.of("cat-file", "--batch", "--buffer"))
                .reading(wanted.toString().getBytes(StandardCharsets.US_ASCII))
                .most(most),
            deadline)) {
      if (said.exit() != 0) {
        throw Complaint.of(clone.shown(), said.errors());
      }
      SortedMap<String, byte[]> contents = new TreeMap<>();
      try (InputStream bytes = new BufferedInputStream(said.bytes())) {
        for (Entry entry : entries) {
          contents.put(entry.path(), content(bytes, entry));
        }
      }
      return contents;
    } catch (IOException e) {
      throw Complaint.of(clone.shown(), e, deadline);
    }
  }

  private static byte[] content(InputStream bytes, Entry entry) throws IOException {
    StringBuilder head = new StringBuilder();
    int next = bytes.read();
    while (next >= 0 && next != '\n' && head.length() < LONGEST_LINE) {
      head.append((char) next);
      next = bytes.read();
    }
    long size = entry.size().orElse(-1);
    if (!head.toString().equals(entry.id() + " blob " + size)) {
      throw new IOException(
          "'%s' cannot be read: git says '%s'"
              .formatted(entry.path(), Names.printable(head.toString())));
    }
    byte[] content = bytes.readNBytes(Math.toIntExact(size));
    if (content.length < size || bytes.read() != '\n') {
      throw new EOFException("git ended in the middle of '%s'".formatted(entry.path()));
    }
    return content;
  }
}
