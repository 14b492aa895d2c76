package io.cotidal.copies.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is mounted where, as this process sees it.
 *
 * @param all in the order in which they were mounted
 */
record Mounts(List<Mount> all) {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");

  /**
   * One mounted file system.
   *
   * @param point where
   * @param type its kind, for example {@code btrfs}
   * @param source usually a device
   */
  record Mount(Path point, String type, String source) {
    /** The file that carries the file system, if it lies in a file. */
    Optional<Path> carrier() throws IOException {
      if (!source.startsWith("/dev/loop")) {
        return Optional.empty();
      }
      String device = source.substring("/dev/".length());
      try {
        String file = Files.readString(Path.of("/sys/block", device, "loop/backing_file")).strip();
        return Optional.of(Path.of(file.replaceFirst(" \\(deleted\\)$", "")));
      } catch (NoSuchFileException e) {
        return Optional.empty();
      }
    }
  }

  /** As it is now. */
  static Mounts now() throws IOException {
    return parse(Files.readString(TABLE));
  }

  /** From the text of {@code mountinfo}. */
  static Mounts parse(String text) {
    List<Mount> mounts = new ArrayList<>();
    for (String line : text.split("\n")) {
      int dash = line.indexOf(" - ");
      String[] before = line.split(" ");
      if (dash > 0 && before.length > 4) {
        String[] after = line.substring(dash + 3).split(" ");
        mounts.add(new Mount(Path.of(plain(before[4])), after[0], plain(after[1])));
      }
    }
    return new Mounts(List.copyOf(mounts));
  }

  /** What is mounted exactly there; the last of several hides the others. */
  Optional<Mount> at(Path point) {
    return all.stream().filter(mount -> mount.point().equals(point)).reduce((a, b) -> b);
  }

  /** On what {@code file} lies; {@code file} is a real path. */
  Optional<Mount> of(Path file) {
    Optional<Mount> best = Optional.empty();
    for (Mount mount : all) {
      if (file.startsWith(mount.point())
          && best.filter(b -> b.point().getNameCount() > mount.point().getNameCount()).isEmpty()) {
        best = Optional.of(mount);
      }
    }
    return best;
  }

  /** What is mounted at {@code folder} or below it. */
  List<Mount> within(Path folder) {
    return all.stream().filter(mount -> mount.point().startsWith(folder)).toList();
  }

  /** Blanks, tabs, newlines and backslashes are written as three octal digits. */
  private static String plain(String text) {
    StringBuilder plain = new StringBuilder();
    for (int at = 0; at < text.length(); at++) {
      char letter = text.charAt(at);
      if (letter == '\\' && at + 3 < text.length()) {
        plain.append((char) Integer.parseInt(text.substring(at + 1, at + 4), 8));
        at += 3;
      } else {
        plain.append(letter);
      }
    }
    return plain.toString();
  }
}
