package io.cotidal.lab.swift;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a site is to be.
 *
 * @param name its cluster's, in small letters
 * @param logins whom it knows beside the usual ones of {@link SwiftLogin}
 * @param policies its storage policies; containers get the first if they ask for none
 * @param reclaimAge after which it forgets what was deleted
 * @param ahead by how much its clock is; negative for behind
 * @param memory whether data may lie in memory; what is written then fails with the machine only
 * @param settings go before those that the lab gives
 */
public record SwiftOptions(
    String name,
    List<SwiftLogin> logins,
    List<String> policies,
    Duration reclaimAge,
    Duration ahead,
    boolean memory,
    List<Setting> settings) {
  private static final Duration WEEK = Duration.ofDays(7);

  /**
   * One line of a configuration file.
   *
   * @param file without {@code .conf}: {@code proxy-server}, {@code swift}
   * @param section for example {@code app:proxy-server}
   * @param key of the line
   * @param value may be empty
   */
  public record Setting(String file, String section, String key, String value) {}

  /** Copies the lists. */
  public SwiftOptions {
    logins = List.copyOf(logins);
    policies = List.copyOf(policies);
    settings = List.copyOf(settings);
  }

  /** With this machine's clock, one policy, and Swift's own age of reclaiming. */
  public static SwiftOptions named(String name) {
    return new SwiftOptions(name, List.of(), List.of("gold"), WEEK, Duration.ZERO, true, List.of());
  }

  /** That knows somebody else too. */
  public SwiftOptions knowing(SwiftLogin login) {
    List<SwiftLogin> more = new ArrayList<>(logins);
    more.add(login);
    return new SwiftOptions(name, more, policies, reclaimAge, ahead, memory, settings);
  }

  /** With these storage policies; the first is the default. */
  public SwiftOptions policies(String... names) {
    return new SwiftOptions(name, logins, List.of(names), reclaimAge, ahead, memory, settings);
  }

  /** That forgets what was deleted so long ago. */
  public SwiftOptions reclaiming(Duration age) {
    return new SwiftOptions(name, logins, policies, age, ahead, memory, settings);
  }

  /** With another clock than this machine's. */
  public SwiftOptions ahead(Duration difference) {
    return new SwiftOptions(name, logins, policies, reclaimAge, difference, memory, settings);
  }

  /** With its data on the disk, however much memory there is. */
  public SwiftOptions onDisk() {
    return new SwiftOptions(name, logins, policies, reclaimAge, ahead, false, settings);
  }

  /** With one more setting. */
  public SwiftOptions with(Setting setting) {
    List<Setting> more = new ArrayList<>(settings);
    more.add(setting);
    return new SwiftOptions(name, logins, policies, reclaimAge, ahead, memory, more);
  }
}
