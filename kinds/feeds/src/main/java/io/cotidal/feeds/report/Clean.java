package io.cotidal.feeds.report;

import io.cotidal.feeds.report.Told.FailedToPublish;
import io.cotidal.feeds.report.Told.Polled;
import io.cotidal.feeds.report.Told.Published;
import io.cotidal.feeds.report.Told.TaskDone;
import io.cotidal.feeds.report.Told.Withdrawn;
import java.util.SortedSet;
import java.util.TreeSet;

/** Makes texts such that UTF-8 files and PostgreSQL can hold them. */
final class Clean {
  private static final int REPLACEMENT = 0xfffd;

  private Clean() {}

  static Told told(Told told) {
    return switch (told) {
      case Polled it ->
          new Polled(
              it.at(),
              text(it.version()),
              channels(it.channels()),
              it.syncedAt(),
              text(it.message()));
      case Published it ->
          new Published(
              it.at(),
              text(it.publish()),
              text(it.spatialType()),
              text(it.job()),
              text(it.batch()),
              text(it.message()),
              text(it.preview()));
      case FailedToPublish it ->
          new FailedToPublish(
              it.at(),
              text(it.publish()),
              text(it.spatialType()),
              text(it.job()),
              text(it.batch()),
              text(it.message()));
      case Withdrawn it -> new Withdrawn(it.at(), text(it.publish()));
      case TaskDone it ->
          new TaskDone(
              it.at(),
              text(it.type()),
              text(it.name()),
              text(it.action()),
              it.ok(),
              text(it.message()),
              text(it.preview()));
    };
  }

  private static SortedSet<String> channels(SortedSet<String> channels) {
    SortedSet<String> clean = new TreeSet<>();
    channels.forEach(channel -> clean.add(text(channel).replaceAll("\\R", " ")));
    return clean;
  }

  /** No zero character, no half of a pair, and no more than {@link Slip#LONGEST} characters. */
  static String text(String text) {
    StringBuilder clean = new StringBuilder();
    text.codePoints()
        .limit(Slip.LONGEST)
        .map(c ->
            c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                ? REPLACEMENT
                : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }
}
