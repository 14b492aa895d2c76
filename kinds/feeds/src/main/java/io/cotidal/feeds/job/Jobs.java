package io.cotidal.feeds.job;

import io.cotidal.feeds.job.Bundle.Sheet;
import io.cotidal.feeds.job.Thing.Wish;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads one revision of a state repository.
 *
 * <p>Whatever it holds, it is read: what cannot be understood becomes a thing that is refused, with
 * the reason, and the others go on. A file beside a job that is not there says nothing: for the
 * subject is not published.
 */
public final class Jobs {
  private Jobs() {}

  /**
   * Whether the file at {@code path} is a job, or lies beside one, for who listens to {@code
   * channels}.
   *
   * @param path from the root of the repository, with slashes
   */
  public static boolean interesting(String path, Set<String> channels) {
    return JobFile.of(path, channels).isPresent();
  }

  /**
   * What the files say, one thing a subject, in the subjects' order.
   *
   * @param files text by path; those that are not {@link #interesting} are passed over
   * @param documents the metadata that have been fetched
   */
  public static List<Thing> read(
      SortedMap<String, String> files, Set<String> channels, Documents documents) {
    SortedMap<Subject, SortedMap<String, Bundle>> bundles = new TreeMap<>();
    SortedMap<Subject, Thing> things = new TreeMap<>();
    for (Map.Entry<String, String> entry : files.entrySet()) {
      Optional<JobFile> file = JobFile.of(entry.getKey(), channels);
      if (file.isPresent()) {
        sort(file.get(), entry.getValue(), bundles, things);
      }
    }
    bundles.forEach((subject, ofSubject) ->
        read(subject, ofSubject, documents).ifPresent(thing -> things.put(subject, thing)));
    return List.copyOf(things.values());
  }

  private static void sort(
      JobFile file,
      String text,
      SortedMap<Subject, SortedMap<String, Bundle>> bundles,
      SortedMap<Subject, Thing> things) {
    try {
      bundles
          .computeIfAbsent(file.subject(), _ -> new TreeMap<>())
          .computeIfAbsent(
              file.sort() == Sort.ROLES ? file.path() : file.channel(), _ -> new Bundle())
          .add(file, text);
    } catch (BadJob e) {
      things.put(
          file.nameless(),
          new Thing(
              file.nameless(),
              file.channel(),
              file.path(),
              new Wish.Refused(e.reason()),
              Map.of("channel", file.channel()),
              new Thing.Origin("", "", "")));
    }
  }

  private static Optional<Thing> read(
      Subject subject, SortedMap<String, Bundle> bundles, Documents documents) {
    List<Thing> said = new ArrayList<>();
    for (Bundle bundle : bundles.values()) {
      Optional<Sheet> job = bundle.sheet(JobFile.Part.JOB);
      job.ifPresent(sheet -> said.add(JobReader.read(subject, bundle, sheet, documents)));
    }
    return said.isEmpty() ? Optional.empty() : Optional.of(agreed(said));
  }

  /**
   * One thing of what several channels say of it. One that removes what another publishes has given
   * it away; two that publish must say the same.
   */
  private static Thing agreed(List<Thing> said) {
    List<Thing> kept =
        said.stream().filter(thing -> !(thing.wish() instanceof Wish.Remove)).toList();
    if (kept.size() < 2) {
      return kept.isEmpty() ? said.getFirst() : kept.getFirst();
    }
    Thing first = kept.getFirst();
    if (kept.stream().allMatch(thing -> same(first, thing))) {
      return first;
    }
    boolean readable = kept.stream().noneMatch(thing -> thing.wish() instanceof Wish.Refused);
    Set<Blob> documents = new LinkedHashSet<>();
    for (Thing thing : kept) {
      if (thing.wish() instanceof Wish.Unread unread) {
        documents.addAll(unread.documents());
      }
    }
    return readable && !documents.isEmpty()
        ? with(first, new Wish.Unread(List.copyOf(documents)))
        : with(first, new Wish.Refused(conflict(kept)));
  }

  private static boolean same(Thing one, Thing other) {
    return one.wish() instanceof Wish.Publish a
        && other.wish() instanceof Wish.Publish b
        && a.data().equals(b.data())
        && a.face().equals(b.face())
        && a.emptied().equals(b.emptied());
  }

  private static String conflict(List<Thing> kept) {
    return String.join(" and ", kept.stream().map(thing -> BadJob.line(thing.path())).toList())
        + ": say different things of "
        + kept.getFirst().subject()
        + "; remove all but one, or listen to one of these channels only";
  }

  private static Thing with(Thing thing, Wish wish) {
    return new Thing(
        thing.subject(), thing.channel(), thing.path(), wish, thing.fields(), thing.origin());
  }
}
