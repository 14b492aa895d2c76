package io.cotidal.postgres.plan.settings;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.postgres.observe.ServerSettings;
import io.cotidal.postgres.observe.ServerSettings.Entry;
import io.cotidal.postgres.observe.ServerSettings.Parameter;
import io.cotidal.postgres.spec.Parameters;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The parameters that are wanted on one server, held against what it has. */
public final class SettingsDiff {
  /** What is another operation's to care for. */
  private static final Set<String> ARCHIVES =
      Set.of("archive_mode", "archive_command", "archive_library", "restore_command");

  /** What it takes for the wanted value to be in force. */
  public enum Takes {
    /** It is. */
    NOTHING,
    /** That the server reads its files again. */
    RELOAD,
    /** That the server is started anew. */
    RESTART,
    /** That somebody else takes back what he has set. */
    OTHERS,
    /** That another value is declared: the server would not take this one. */
    ANOTHER_VALUE
  }

  /**
   * One parameter of one member.
   *
   * @param now the value in force, for people
   * @param wanted the value that is wanted; empty if it is not ours to set any more
   * @param by who set the present one if that was not us, for people; else empty
   * @param problem why the wanted one cannot be; else empty
   */
  public record Line(
      MemberId member,
      String parameter,
      String now,
      Optional<String> wanted,
      Takes takes,
      String by,
      String problem) {
    /** The change alone, without the member. */
    String change() {
      return parameter + " " + values();
    }

    /** Both values alone. */
    String values() {
      return quoted(now) + " → " + wanted.map(Line::quoted).orElse("its default");
    }

    /** Whether it is to get less of what a standby must have as much of as its primary. */
    public boolean lowers() {
      if (!Parameters.AT_LEAST_THE_PRIMARYS.contains(parameter)) {
        return false;
      }
      try {
        // What is reset gets some default: it is treated as one that gets less.
        return wanted.isEmpty()
            || Long.parseLong(wanted.get().strip()) < Long.parseLong(now.strip());
      } catch (NumberFormatException e) {
        return true;
      }
    }

    private static String quoted(String value) {
      return value.isEmpty() ? "''" : value;
    }
  }

  private final Server server;
  private final ServerSettings settings;
  private final OwnSettings own;
  private final SequencedMap<String, String> wanted;

  private SettingsDiff(
      Server server,
      ServerSettings settings,
      OwnSettings own,
      SequencedMap<String, String> wanted) {
    this.server = server;
    this.settings = settings;
    this.own = own;
    this.wanted = wanted;
  }

  /** One line a parameter that is ours to set, in the order in which we write them. */
  public static List<Line> of(
      PostgresSpec spec, Server server, ServerSettings settings, OwnSettings own) {
    return new SettingsDiff(server, settings, own, Parameters.of(spec, server).wanted()).lines();
  }

  /** The same of a member with a gate, where a file tells what is ours. */
  public static List<Line> gated(PostgresSpec spec, Server server, ServerSettings settings) {
    return of(spec, server, settings, new OwnSettings(Details.NONE));
  }

  /** The same of one that is reached by SQL alone, where those names have been claimed as ours. */
  public static List<Line> claimed(
      PostgresSpec spec,
      Server server,
      ServerSettings settings,
      List<String> set,
      List<String> reset) {
    Details ours = Details.NONE;
    for (String name : Stream.concat(set.stream(), reset.stream()).toList()) {
      String there = settings.entry(name).orElse("");
      ours = ours.with(OwnSettings.settled(server.id(), Map.of(name, there), List.of()));
    }
    return of(spec, server, settings, new OwnSettings(ours));
  }

  private List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    for (Map.Entry<String, String> each : wanted.entrySet()) {
      Parameter parameter = settings.parameters().get(key(each.getKey()));
      if (parameter != null) {
        lines.add(line(parameter, each.getKey(), each.getValue()));
      }
    }
    for (Parameter parameter : settings.parameters().values()) {
      boolean still = wanted.keySet().stream().anyMatch(name -> key(name).equals(parameter.name()));
      if (!still && !ARCHIVES.contains(parameter.name()) && ours(parameter)) {
        lines.add(left(parameter));
      }
    }
    return lines;
  }

  private static String key(String name) {
    return name.toLowerCase(java.util.Locale.ROOT);
  }

  /** Whether we have set it, so that we take it back. */
  private boolean ours(Parameter parameter) {
    if (server.gated()) {
      return parameter.own().isPresent();
    }
    return own.names(server.id()).contains(parameter.name())
        && parameter
            .last()
            .filter(Entry::automatic)
            .filter(last -> own.has(server.id(), parameter.name(), last.value()))
            .isPresent();
  }

  private Line left(Parameter parameter) {
    return new Line(
        server.id(),
        parameter.name(),
        parameter.shown(),
        Optional.empty(),
        parameter.atStart() ? Takes.RESTART : Takes.RELOAD,
        "",
        "");
  }

  private Line line(Parameter parameter, String name, String value) {
    ParameterValue read = ParameterValue.read(parameter, value);
    String problem = read.problem().isEmpty() ? tooFew(name, read.plain()) : read.problem();
    String by = others(parameter);
    Takes takes;
    if (!problem.isEmpty()) {
      takes = Takes.ANOTHER_VALUE;
    } else if (inForce(parameter, value)) {
      takes = stale(parameter, value) ? Takes.RELOAD : Takes.NOTHING;
    } else if (!by.isEmpty()) {
      takes = Takes.OTHERS;
    } else {
      takes = parameter.atStart() ? Takes.RESTART : Takes.RELOAD;
    }
    return new Line(server.id(), name, parameter.shown(), Optional.of(value), takes, by, problem);
  }

  private boolean inForce(Parameter parameter, String value) {
    if (parameter.name().equals("wal_level") && parameter.shown().equals("logical")) {
      // It has all that a lower one has, and somebody's logical slots may need it.
      return true;
    }
    Optional<Entry> last = parameter.last();
    if (parameter.ofSession()) {
      // Our session has its own value: what the files say is what others have.
      return last.isPresent() && ParameterValue.same(parameter, last.get().value(), value);
    }
    // A server may write a text in its own way, such as the name of a time zone.
    boolean rewritten =
        !parameter.atStart()
            && parameter.kind().type().equals("string")
            && parameter.source().equals("configuration file")
            && last.filter(each -> each.value().equals(value)).isPresent();
    return rewritten || ParameterValue.inForce(parameter, value);
  }

  /** Whether our file says something else than what is wanted and in force. */
  private boolean stale(Parameter parameter, String value) {
    return server.gated()
        && parameter.own().isPresent()
        && !ParameterValue.same(parameter, parameter.own().get(), value);
  }

  /** Who set what counts more than ours. */
  private String others(Parameter parameter) {
    if (parameter.source().equals("command line")) {
      return "its command line";
    }
    Optional<Entry> last = parameter.last();
    if (last.isEmpty() || last.get().ours()) {
      return "";
    }
    boolean counts =
        server.gated()
            ? last.get().automatic() || parameter.own().isPresent()
            : last.get().automatic() && !own.has(server.id(), parameter.name(), last.get().value());
    return counts ? last.get().place() : "";
  }

  /** Why so few connections keep the server from starting. */
  private String tooFew(String name, String plain) {
    if (!key(name).equals("max_connections")) {
      return "";
    }
    long kept = number("superuser_reserved_connections") + number("reserved_connections");
    return Long.parseLong(plain) <= kept
        ? "it must be more than the " + kept + " connections that are reserved"
        : "";
  }

  private long number(String name) {
    @Nullable String declared = wanted.get(name);
    Parameter parameter = settings.parameters().get(name);
    String text = declared != null ? declared : parameter == null ? "" : parameter.setting();
    return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
  }
}
