package io.cotidal.objects.steps;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Sees new containers between comparisons, whoever made them: by the lists of accounts alone, which
 * are short beside those of objects. It takes a tenth of the time at most, so that sites with very
 * many containers are not asked for little else. One thread at a time.
 */
final class Glance {
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final int SHARE = 10;

  /** A dead site would take its time from every look. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** More new ones than that are the next comparison's business. */
  private static final int MOST = 1_000;

  private final Bench bench;
  private final Map<MemberId, String> silent = new TreeMap<>();
  private long next = Long.MIN_VALUE;
  private long again = Long.MIN_VALUE;
  private int account;
  private String after = "";

  Glance(Bench bench) {
    this.bench = bench;
  }

  /**
   * The containers at any site that {@code known} does not know; none if it is too early to look
   * again. What there was no time for comes first the next time.
   */
  List<ContainerName> look(Predicate<ContainerName> known, Deadline deadline)
      throws InterruptedException {
    long began = bench.clock().millis();
    if (began < next) {
      return List.of();
    }
    if (began >= again) {
      silent.clear();
      again = began + SILENCE.toMillis();
    }
    List<ContainerName> fresh = new ArrayList<>();
    int left = bench.spec().accounts().size();
    while (left-- > 0 && !deadline.over() && fresh.size() < MOST) {
      account(known, fresh, deadline);
    }
    long ended = bench.clock().millis();
    next = ended + Math.max(PAUSE.toMillis(), SHARE * (ended - began));
    return fresh;
  }

  /** Sites that did not answer, with the reason, and are not asked for a while. */
  Map<MemberId, String> silent() {
    return Map.copyOf(silent);
  }

  private void account(Predicate<ContainerName> known, List<ContainerName> fresh, Deadline deadline)
      throws InterruptedException {
    List<String> accounts = bench.spec().accounts();
    Names names = new Names(bench.sites(), accounts.get(account), silent, deadline).behind(after);
    Optional<ContainerName> one = names.next();
    while (one.isPresent() && !deadline.over() && fresh.size() < MOST) {
      if (!known.test(one.get())) {
        fresh.add(one.get());
      }
      after = one.get().container();
      one = names.next();
    }
    if (one.isEmpty() && !deadline.over()) {
      account = (account + 1) % accounts.size();
      after = "";
    }
  }
}
