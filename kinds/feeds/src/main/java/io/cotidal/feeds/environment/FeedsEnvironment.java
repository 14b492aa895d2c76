package io.cotidal.feeds.environment;

import static io.cotidal.feeds.environment.FeedsVariable.BORG_STATE_HOME;
import static io.cotidal.feeds.environment.FeedsVariable.BORG_STATE_REPOSITORY;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_BRANCH;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_DEADLINE;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_LONGEST_PAUSE;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_MODE;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_REPAIR;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_REPOSITORY_URL;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_SIGNERS;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_TOGETHER;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_TOOL;
import static io.cotidal.feeds.environment.FeedsVariable.FASTLY_PURGE_URL;
import static io.cotidal.feeds.environment.FeedsVariable.FEATURE_FILTER;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_URL;
import static io.cotidal.feeds.environment.FeedsVariable.LAYERGROUP_FILTER;
import static io.cotidal.feeds.environment.FeedsVariable.LISTEN_CHANNELS;
import static io.cotidal.feeds.environment.FeedsVariable.POLL_INTERVAL;
import static io.cotidal.feeds.environment.FeedsVariable.SKIP_AUTH;
import static io.cotidal.feeds.environment.FeedsVariable.SKIP_DB;
import static io.cotidal.feeds.environment.FeedsVariable.SKIP_GS;
import static io.cotidal.feeds.environment.FeedsVariable.SKIP_RULES;
import static io.cotidal.feeds.environment.FeedsVariable.STATE_REPOSITORY_ROOT;
import static io.cotidal.feeds.environment.FeedsVariable.SYNC_SERVER;
import static io.cotidal.feeds.environment.FeedsVariable.WMS_FILTER;

import io.cotidal.feeds.filter.Filter;
import io.cotidal.feeds.job.Grammar;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.feeds.spec.FeedsSpec.Choice;
import io.cotidal.feeds.spec.FeedsSpec.Pace;
import io.cotidal.feeds.spec.FeedsSpec.Repository;
import io.cotidal.feeds.spec.FeedsSpec.Skips;
import io.cotidal.feeds.spec.FeedsSpec.Tool;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads the original's environment. Defaults are the original's, but passwords have none, and hosts
 * are always checked.
 */
public final class FeedsEnvironment {
  /** The name of the replica that the environment describes. */
  public static final ResourceId RESOURCE = new ResourceId("feeds", "replica");

  private static final String FOLDER = "/opt/dpaw-borg-state";
  private static final String RELAYED = "lambda job:job.get('allow_authenticated',False)";
  private static final Pattern PASSWORD = Pattern.compile("//[^/@]*:[^/@]*@");
  private static final int DAY = 86_400;

  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final FeedsValues values = new FeedsValues(problems);
  private final Given given;
  private final String hostname;

  private FeedsEnvironment(Map<String, String> environment, String hostname) {
    this.given = new Given(environment, values);
    this.hostname = hostname;
  }

  /** What the environment comes to. */
  public sealed interface Reading {
    /**
     * It makes sense.
     *
     * @param warnings what an operator should know
     * @param report a line for each variable: what it becomes, or what holds without it
     */
    record Valid(FeedsSpec spec, List<String> warnings, List<String> report) implements Reading {
      /** Copies the lines. */
      public Valid {
        warnings = List.copyOf(warnings);
        report = List.copyOf(report);
      }
    }

    /**
     * It does not.
     *
     * @param problems all of them, a line each; without secrets
     */
    record Invalid(List<String> problems) implements Reading {
      /** Copies the lines. */
      public Invalid {
        problems = List.copyOf(problems);
      }
    }
  }

  /**
   * Reads {@code environment}; variables that nobody knows are passed over. The machine's name is
   * taken from {@code HOSTNAME}.
   */
  public static Reading read(Map<String, String> environment) {
    return read(environment, environment.getOrDefault("HOSTNAME", ""));
  }

  /**
   * Reads {@code environment}.
   *
   * @param hostname the machine's name; empty if it is not known
   */
  public static Reading read(Map<String, String> environment, String hostname) {
    FeedsEnvironment reader = new FeedsEnvironment(environment, hostname);
    FeedsSpec spec = reader.spec();
    return reader.problems.isEmpty()
        ? new Reading.Valid(spec, reader.warnings, new FeedsReport(reader.given).lines())
        : new Reading.Invalid(reader.problems);
  }

  /** Whether any variable is set that only this kind has: it is meant then. */
  public static boolean isMeant(Map<String, String> environment) {
    for (FeedsVariable variable : FeedsVariable.values()) {
      if (variable.own() && !environment.getOrDefault(variable.name(), "").isBlank()) {
        return true;
      }
    }
    return false;
  }

  private FeedsSpec spec() {
    Skips skips =
        new Skips(
            given.truth(SKIP_AUTH, false),
            given.truth(SKIP_RULES, false),
            given.truth(SKIP_DB, false),
            given.truth(SKIP_GS, false));
    Path folder = folder();
    List<FeedsSpec.GeoServer> servers = new GeoServers(given, skips.geoserver()).read();
    Databases databases = new Databases(given);
    warn(servers);
    return new FeedsSpec(
        RESOURCE,
        given
            .text(COT_FEED_MODE)
            .map(t -> values.word(COT_FEED_MODE, t, Mode.values()))
            .orElse(Mode.MANAGE),
        repository(folder),
        choice(skips),
        new Transfers(given, warnings).read(folder),
        Optional.of(databases.database(skips.database())),
        servers,
        databases.status(hostname),
        pace());
  }

  private Path folder() {
    return given
        .path(STATE_REPOSITORY_ROOT)
        .or(() -> given.path(BORG_STATE_REPOSITORY))
        .or(() -> given.path(BORG_STATE_HOME))
        .orElse(Path.of(FOLDER));
  }

  private Repository repository(Path folder) {
    Tool tool =
        given
            .text(COT_FEED_TOOL)
            .map(text -> values.word(COT_FEED_TOOL, text, Tool.values()))
            .orElse(Tool.HG);
    return new Repository(
        tool,
        folder,
        option(COT_FEED_REPOSITORY_URL),
        option(COT_FEED_BRANCH),
        given.path(COT_FEED_SIGNERS));
  }

  /** What becomes an argument of a tool must not be taken for an option, nor hold a password. */
  private String option(FeedsVariable variable) {
    String text = given.text(variable, "");
    if (text.startsWith("-") || text.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
      values.wrong(variable, text, "write it without blanks and without a leading dash");
    } else if (PASSWORD.matcher(text).find()) {
      values.wrong(variable, text, "holds a password, which others would see; use a key");
    }
    return text;
  }

  private Choice choice(Skips skips) {
    String channels = given.text(LISTEN_CHANNELS, "geoserver");
    TreeSet<String> all = new TreeSet<>(Given.parts(channels));
    if (all.isEmpty() || !all.stream().allMatch(Grammar::name)) {
      values.wrong(LISTEN_CHANNELS, channels, "write names with commas");
    }
    boolean relayed = given.set(SYNC_SERVER);
    return new Choice(
        all,
        filter(FEATURE_FILTER, relayed ? Filter.parse(RELAYED) : Filter.ALL),
        filter(WMS_FILTER, relayed ? Filter.NONE : Filter.ALL),
        filter(LAYERGROUP_FILTER, relayed ? Filter.NONE : Filter.ALL),
        skips);
  }

  private Filter filter(FeedsVariable variable, Filter otherwise) {
    return given.text(variable).map(text -> values.filter(variable, text)).orElse(otherwise);
  }

  private Pace pace() {
    return new Pace(
        Duration.ofSeconds(given.number(POLL_INTERVAL, 60, 1, DAY)),
        Duration.ofSeconds(given.number(COT_FEED_DEADLINE, 30, 1, DAY)),
        Duration.ofSeconds(given.number(COT_FEED_LONGEST_PAUSE, 3_600, 1, DAY)),
        given.truth(COT_FEED_TOGETHER, true),
        given.truth(COT_FEED_REPAIR, true));
  }

  private void warn(List<FeedsSpec.GeoServer> servers) {
    for (FeedsSpec.GeoServer server : servers) {
      if (server.url().startsWith("http:")
          && !server.url().matches("http://(localhost|127\\..*|)([:/].*)?")) {
        warnings.add(
            GEOSERVER_URL + ": " + server.url() + " is told its password in clear; use https");
      }
    }
    if (given.set(FASTLY_PURGE_URL)) {
      warnings.add(
          FASTLY_PURGE_URL + ": no CDN is told what changed; let what it keeps expire soon");
    }
  }
}
