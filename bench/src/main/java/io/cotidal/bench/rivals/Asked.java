package io.cotidal.bench.rivals;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the command line asks for.
 *
 * @param entries whom to measure
 * @param faults under what
 * @param waits in which modes: whether a commit waits for a replica
 * @param rounds of each cell for each entry
 * @param seed of the order and of the moments
 * @param kept whether rounds are added to the results
 * @param report whether only what is there is to be shown
 */
record Asked(
    Set<Entry> entries,
    Set<Fault> faults,
    List<Boolean> waits,
    int rounds,
    long seed,
    boolean kept,
    boolean report) {
  static final String USAGE =
      """
      usage: bench/run failover-rivals [--with NAMES] [--fault NAMES] [--mode asynchronous|quorum]
                                       [--rounds N] [--seed N] [--quick]
             bench/run failover-rivals --report
        --with NAMES   of %s, with commas between (all)
        --fault NAMES  of %s (all)
        --mode MODE    (both)
        --rounds N     of each cell for each of them, interleaved (5; a whole measurement has 20 of cotidal)
        --seed N       of the order and of the moments of faults (by chance)
        --quick        one round: shows that it works, is not kept
        --report       shows all rounds that were kept so far, and writes failover-rivals.json
      """
          .formatted(words(Entry.values()), words(Fault.values()));

  private static String words(Enum<?>[] values) {
    return String.join(",", Arrays.stream(values).map(Asked::word).toList());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Reads it.
   *
   * @param chance the seed if none is named
   * @return empty if it makes no sense
   */
  static Optional<Asked> of(List<String> arguments, long chance) {
    Asked asked =
        new Asked(
            EnumSet.allOf(Entry.class),
            EnumSet.allOf(Fault.class),
            List.of(false, true),
            Contest.THEIRS,
            chance,
            true,
            false);
    try {
      for (int i = 0; i < arguments.size(); i++) {
        String option = arguments.get(i);
        boolean alone = option.equals("--quick") || option.equals("--report");
        String value = alone ? "" : arguments.get(++i);
        asked = asked.with(option, value);
      }
      return Optional.of(asked);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // The usage says what would make sense.
      return Optional.empty();
    }
  }

  private Asked with(String option, String value) {
    return switch (option) {
      case "--with" ->
          new Asked(chosen(Entry.class, value), faults, waits, rounds, seed, kept, report);
      case "--fault" ->
          new Asked(entries, chosen(Fault.class, value), waits, rounds, seed, kept, report);
      case "--mode" -> new Asked(entries, faults, mode(value), rounds, seed, kept, report);
      case "--rounds" -> new Asked(entries, faults, waits, count(value), seed, kept, report);
      case "--seed" ->
          new Asked(entries, faults, waits, rounds, Long.parseLong(value), kept, report);
      case "--quick" -> new Asked(entries, faults, waits, 1, seed, false, report);
      case "--report" -> new Asked(entries, faults, waits, rounds, seed, kept, true);
      default -> throw new IllegalArgumentException(option);
    };
  }

  private static <E extends Enum<E>> Set<E> chosen(Class<E> type, String words) {
    Set<E> chosen = EnumSet.noneOf(type);
    for (String word : words.split(",", -1)) {
      chosen.add(
          Arrays.stream(type.getEnumConstants())
              .filter(each -> word(each).equals(word))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException(word)));
    }
    return chosen;
  }

  private static List<Boolean> mode(String word) {
    return switch (word) {
      case "quorum" -> List.of(true);
      case "asynchronous" -> List.of(false);
      default -> throw new IllegalArgumentException(word);
    };
  }

  private static int count(String digits) {
    int rounds = Integer.parseInt(digits);
    if (rounds < 1 || rounds > 1_000) {
      throw new IllegalArgumentException(digits);
    }
    return rounds;
  }
}
