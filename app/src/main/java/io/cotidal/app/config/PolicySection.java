package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.model.MemberId;
import io.cotidal.postgres.spec.Policy;
import io.cotidal.postgres.spec.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads who is preferred when a primary is replaced, and when that waits. */
final class PolicySection {
  private static final String NONE = "(none)";
  private static final Pattern WORD = Pattern.compile("[a-z0-9][a-z0-9_-]{0,31}");
  private static final int MOST_WORDS = 20;

  private PolicySection() {}

  /** A member's standing, written with the member. */
  static Standing standing(Section member) {
    return new Standing(
        member.get("priority", Forms.whole(0, 1_000_000), Value.standard(100, "100")),
        member.get("never", Forms.flag(), Value.standard(false, "false")),
        member.get("lag-limit", Forms.bytes(), Value.standard(Standing.UNLIMITED, NONE)),
        new TreeSet<>(member.get("tags", words(), Value.standard(List.of(), NONE))));
  }

  /** What is written under {@code failover}; the caller closes the section. */
  static Policy read(Section failover, SortedMap<MemberId, Standing> standings) {
    return new Policy(
        standings,
        failover.get("prefer", words(), Value.standard(List.of(), NONE)),
        duration(failover, "restart", Duration.ofHours(24)),
        duration(failover, "hold", Duration.ofHours(24)),
        failover.get("fencing", rungs(), Value.standard(Policy.LADDER, written(Policy.LADDER))),
        duration(failover, "rehearse", Duration.ofDays(366)));
  }

  private static String written(List<Policy.Rung> rungs) {
    return rungs.stream().map(Policy.Rung::word).collect(Collectors.joining(", "));
  }

  private static Form<List<Policy.Rung>> rungs() {
    return text -> {
      List<Policy.Rung> rungs = new ArrayList<>();
      for (String word : text.strip().split("[, ]+")) {
        Policy.LADDER.stream().filter(rung -> rung.word().equals(word)).forEach(rungs::add);
      }
      boolean all = rungs.size() == text.strip().split("[, ]+").length;
      return all && rungs.stream().distinct().count() == rungs.size()
          ? fit(rungs)
          : unfit(
              Quote.of(text) + " is no order of fencing",
              "write each of " + written(Policy.LADDER) + " once at most, with commas");
    };
  }

  private static Duration duration(Section section, String key, Duration most) {
    return section.get(
        key,
        Forms.duration(Duration.ZERO, most),
        Value.standard(Duration.ZERO, Durations.show(Duration.ZERO)));
  }

  /** Words with blanks or commas between them. */
  private static Form<List<String>> words() {
    return text -> {
      List<String> words = List.of(text.strip().split("[, ]+"));
      boolean all = words.stream().allMatch(word -> WORD.matcher(word).matches());
      return all && words.size() <= MOST_WORDS
          ? fit(words)
          : unfit(
              Quote.of(text) + " is no list of tags",
              "write words of a-z 0-9 _ - with commas between them");
    };
  }
}
