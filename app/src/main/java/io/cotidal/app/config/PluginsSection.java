package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.postgres.spec.Plugin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads the plug-ins of a cluster. */
final class PluginsSection {
  private static final Duration STANDARD = Duration.ofSeconds(5);
  private static final int LONGEST = 1_000;

  private final Section cluster;

  PluginsSection(Section cluster) {
    this.cluster = cluster;
  }

  /** Those that could be read; what is wrong with the others is reported. */
  List<Plugin> read() {
    List<Plugin> plugins = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<Plugin.Hook> single = EnumSet.noneOf(Plugin.Hook.class);
    for (Section item : cluster.items("plugins")) {
      Optional<String> name = item.need("name", Forms.name(), Optional.empty(), "write name: NAME");
      Optional<Plugin.Hook> hook =
          item.need("hook", hook(), Optional.empty(), "write hook: with one of " + hooks());
      Optional<Path> program =
          item.need(
              "program",
              Forms.absolutePath(),
              Optional.empty(),
              "write the absolute path of the program");
      Duration limit =
          item.get(
              "limit",
              Forms.duration(Duration.ofMillis(100), longest(hook)),
              Value.standard(STANDARD, Durations.show(STANDARD)));
      Map<String, String> parameters = item.texts("parameters", Forms.name(), value());
      item.close();
      if (name.isPresent() && !names.add(name.get())) {
        item.problem("name", "is the name of another plug-in too", "give each its own name");
      } else if (hook.filter(Plugin.Hook::single).isPresent() && !single.add(hook.get())) {
        item.problem(
            "hook",
            "is the hook of another plug-in too, and what it does is done once",
            "leave one with hook: " + hook.get().word());
      } else if (name.isPresent() && hook.isPresent() && program.isPresent()) {
        plugins.add(
            new Plugin(hook.get(), name.get(), program.get(), limit, new TreeMap<>(parameters)));
      }
    }
    return plugins;
  }

  /** A copy of much data takes hours. */
  private static Duration longest(Optional<Plugin.Hook> hook) {
    return hook.equals(Optional.of(Plugin.Hook.CLONE))
        ? Duration.ofHours(24)
        : Duration.ofMinutes(10);
  }

  private static String hooks() {
    return Arrays.stream(Plugin.Hook.values())
        .map(Plugin.Hook::word)
        .collect(Collectors.joining(", "));
  }

  private static Form<Plugin.Hook> hook() {
    return text ->
        Arrays.stream(Plugin.Hook.values())
            .filter(hook -> hook.word().equals(text))
            .findFirst()
            .<Form.Read<Plugin.Hook>>map(Form::fit)
            .orElseGet(() -> unfit(Quote.of(text) + " is no hook", "write one of " + hooks()));
  }

  private static Form<String> value() {
    return text ->
        text.length() <= LONGEST && text.chars().noneMatch(Character::isISOControl)
            ? fit(text)
            : unfit(
                "is no value of a parameter",
                "write one line of at most " + LONGEST + " characters, and no secret");
  }
}
