package io.cotidal.sources.asking;

import io.cotidal.engine.MemberSource;
import io.cotidal.model.Found;
import io.cotidal.model.MemberId;
import io.cotidal.model.SourceAnswer;
import io.cotidal.model.SourceAnswer.Members;
import io.cotidal.model.SourceAnswer.Unavailable;
import io.cotidal.remote.Deadline;
import io.cotidal.sources.roll.Gathering;
import io.cotidal.sources.roll.NoAnswer;
import io.cotidal.sources.roll.Roll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Several sources as one. They are asked side by side, each at its own pace.
 *
 * <p>While one part is unavailable the whole is, so nobody is let go of on the word of the others.
 * One thing is told all the same: whom the others name anew joins what a union last came to; its
 * next answer says again that the whole is unavailable. Before every part has answered once, all of
 * them at the same time, nothing is told. Asked by one thread at a time.
 */
public final class Gathered implements MemberSource {
  private final Gathering gathering;
  private final List<Part> parts = new ArrayList<>();
  private final Executor executor;
  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private volatile boolean closed;
  private Optional<List<Found>> base = Optional.empty();
  private Optional<SourceAnswer> told = Optional.empty();
  private Optional<SourceAnswer> owed = Optional.empty();

  /**
   * Gathers what {@code sources} answer; they are closed with this.
   *
   * @param executor on which each part waits for its source
   */
  public Gathered(Gathering gathering, List<MemberSource> sources, Executor executor) {
    this.gathering = gathering;
    this.executor = executor;
    sources.forEach(source -> parts.add(new Part(source)));
  }

  /** One source, and what is known of it. */
  private static final class Part {
    private final MemberSource source;
    private Optional<List<Found>> members = Optional.empty();
    private Optional<Unavailable> trouble = Optional.empty();
    private boolean asked;

    Part(MemberSource source) {
      this.source = source;
    }
  }

  /** A part's answer; no part if this was closed. */
  private record Heard(Optional<Part> part, SourceAnswer answer) {}

  @Override
  public SourceAnswer ask(Duration patience) {
    Deadline end = Deadline.in(patience);
    if (owed.isPresent()) {
      SourceAnswer answer = owed.get();
      owed = Optional.empty();
      told = Optional.of(answer);
      return answer;
    }
    try {
      while (!closed) {
        begin(end.left());
        Heard one = heard.poll(end.left().toNanos(), TimeUnit.NANOSECONDS);
        if (one == null) {
          return told.orElseGet(this::unheard);
        }
        if (one.part().isEmpty()) {
          break;
        }
        Optional<SourceAnswer> news = take(one.part().get(), one.answer());
        if (news.isPresent()) {
          told = news;
          return news.get();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Unavailable(describe() + ": interrupted while asking: ask again");
    }
    return new Unavailable(describe() + ": it is not asked any more");
  }

  private void begin(Duration patience) {
    for (Part part : parts) {
      if (!part.asked && patience.isPositive()) {
        part.asked = true;
        executor.execute(() -> heard.add(new Heard(Optional.of(part), part.source.ask(patience))));
      }
    }
  }

  private Optional<SourceAnswer> take(Part part, SourceAnswer answer) {
    part.asked = false;
    switch (answer) {
      case Members members -> {
        part.members = Optional.of(members.found());
        part.trouble = Optional.empty();
      }
      case Unavailable unavailable -> part.trouble = Optional.of(unavailable);
    }
    Optional<Unavailable> trouble = parts.stream().flatMap(one -> one.trouble.stream()).findFirst();
    try {
      if (trouble.isEmpty()) {
        return whole();
      }
      Optional<List<Found>> grown = grown();
      if (grown.isPresent()) {
        base = grown;
        owed = Optional.of(trouble.get());
        return Optional.of(new Members(grown.get()));
      }
      return told.equals(Optional.of(trouble.get())) && answer instanceof Members
          ? Optional.empty()
          : Optional.of(trouble.get());
    } catch (NoAnswer e) {
      return Optional.of(new Unavailable(describe() + ": " + e.getMessage()));
    }
  }

  private Optional<SourceAnswer> whole() throws NoAnswer {
    if (parts.stream().anyMatch(part -> part.members.isEmpty())) {
      return Optional.empty();
    }
    List<Found> members = gathering.of(parts.stream().map(one -> one.members.get()).toList());
    boolean lost = parts.stream().noneMatch(part -> part.members.get().isEmpty());
    if (members.isEmpty() && lost) {
      throw new NoAnswer("its parts have no member in common, which is not believed: correct them");
    }
    base = Optional.of(members);
    Members answer = new Members(members);
    return News.same(told, answer) ? Optional.empty() : Optional.of(answer);
  }

  /** What the whole last came to and whom a part names beside these, if there is anybody. */
  private Optional<List<Found>> grown() throws NoAnswer {
    if (gathering != Gathering.UNION || base.isEmpty()) {
      return Optional.empty();
    }
    Set<MemberId> known =
        base.get().stream().map(Found::id).collect(Collectors.toCollection(HashSet::new));
    List<Found> grown = new ArrayList<>(base.get());
    for (Found one :
        gathering.of(parts.stream().map(part -> part.members.orElse(List.of())).toList())) {
      if (known.add(one.id())) {
        grown.add(one);
      }
    }
    Roll.distinct(grown);
    return grown.size() > base.get().size() ? Optional.of(List.copyOf(grown)) : Optional.empty();
  }

  private SourceAnswer unheard() {
    return new Unavailable(
        parts.stream()
                .filter(part -> part.members.isEmpty())
                .map(part -> part.source.describe())
                .findFirst()
                .orElse(describe())
            + ": no answer yet: be patient for longer");
  }

  @Override
  public String describe() {
    return "the "
        + gathering.name().toLowerCase(java.util.Locale.ROOT)
        + " of "
        + parts.stream().map(part -> part.source.describe()).collect(Collectors.joining(" and "));
  }

  @Override
  public void close() {
    closed = true;
    parts.forEach(part -> part.source.close());
    heard.add(new Heard(Optional.empty(), new Unavailable("closed")));
  }
}
