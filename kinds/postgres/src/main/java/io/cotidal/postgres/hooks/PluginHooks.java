package io.cotidal.postgres.hooks;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.spec.Plugin;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The plug-ins of a cluster, asked for the steps that name them. Thread-safe. */
public final class PluginHooks {
  private final PostgresSpec spec;
  private final PluginProcess process;

  /** Those of {@code spec}; none is touched yet. */
  public PluginHooks(PostgresSpec spec, LocalProcesses processes) {
    this.spec = spec;
    this.process = new PluginProcess(processes);
  }

  private Optional<Plugin> plugin(Step step) {
    String name = step.arguments().get(Acts.PLUGIN, "");
    return spec.practice().plugins().stream()
        .filter(plugin -> plugin.name().equals(name))
        .findFirst();
  }

  /** Whether the plug-in is asked although the member's own side cannot be. */
  public boolean forTheUnreachable(Step step) {
    return plugin(step)
        .map(Plugin::hook)
        .filter(hook -> hook == Plugin.Hook.STONITH || hook == Plugin.Hook.POLL)
        .isPresent();
  }

  /** Asks. Whatever is no clear yes in time is a failure. */
  public Outcome act(Step step, Stamp stamp) {
    Optional<Plugin> plugin = plugin(step);
    MemberId member = step.member();
    if (plugin.isEmpty() || member == null) {
      return new Outcome.Failed(
          "no plug-in '" + step.arguments().get(Acts.PLUGIN, "") + "' is configured any more");
    }
    String who = "plug-in " + plugin.get().name() + ": ";
    try {
      PluginAnswer answer =
          process.ask(
              plugin.get().program(),
              PluginAnswer.question(about(plugin.get(), member, step.arguments(), stamp)),
              Deadline.in(plugin.get().limit()));
      if (!answer.ok()) {
        return new Outcome.Failed(who + "it says no: " + answer.reason());
      }
      return proves(plugin.get(), answer)
          ? new Outcome.Done(answer.evidence())
          : new Outcome.Failed(who + "it says yes and gives no proof");
    } catch (PluginProcess.Failed e) {
      return new Outcome.Failed(who + e.getMessage());
    } catch (IOException e) {
      return new Outcome.Failed(who + "it cannot be run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Failed(who + "asking it was interrupted");
    }
  }

  /** It is certain that a plug-in did nothing: it said so, or was not run. */
  public static final class Declined extends Exception {
    private static final long serialVersionUID = 1;

    Declined(String reason) {
      super(reason, null, false, false);
    }
  }

  /**
   * Has the plug-in that {@code step} names do the step's work. Nothing that it says shows that the
   * work is done.
   *
   * @param more what it is told beside the step's arguments
   * @param meanwhile done about twice a second; what it throws ends the plug-in
   * @return what it said beside yes
   * @throws Declined if it did nothing
   * @throws IOException if nobody can tell what it did
   */
  public Details work(Step step, Stamp stamp, Details more, LocalProcesses.Meanwhile meanwhile)
      throws Declined, IOException, InterruptedException {
    String name = step.arguments().get(Acts.PLUGIN, "");
    Plugin plugin =
        plugin(step)
            .orElseThrow(() ->
                new Declined(
                    "plug-in "
                        + name
                        + ": it is not configured any more; configure it, or ask again"));
    MemberId member = Objects.requireNonNull(step.member());
    String who = "plug-in " + name + " for " + step.act() + " of " + member + ": ";
    try {
      PluginAnswer answer =
          process.ask(
              plugin.program(),
              PluginAnswer.question(about(plugin, member, step.arguments().with(more), stamp)),
              Deadline.in(plugin.limit()),
              meanwhile);
      if (!answer.ok()) {
        throw new Declined(who + "it says no: " + answer.reason());
      }
      return answer.evidence();
    } catch (PluginProcess.Failed e) {
      if (e.run()) {
        throw new IOException(
            who + e.getMessage() + "; mend it, or raise its limit; what it did is looked at", e);
      }
      throw new Declined(who + e.getMessage());
    }
  }

  /**
   * Asks about a member, without a stamp: it must change nothing.
   *
   * @return what it said beside yes
   * @throws Declined if it said no, or was not run
   * @throws IOException if it gave no whole answer in time
   */
  Details about(Plugin plugin, MemberId member, Deadline deadline)
      throws Declined, IOException, InterruptedException {
    Map<String, Object> question = opening(plugin);
    question.put("member", server(member));
    question.put("parameters", plugin.parameters());
    try {
      PluginAnswer answer =
          process.ask(plugin.program(), PluginAnswer.question(question), deadline);
      if (!answer.ok()) {
        throw new Declined("it says no: " + answer.reason());
      }
      return answer.evidence();
    } catch (PluginProcess.Failed e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private Map<String, Object> opening(Plugin plugin) {
    Map<String, Object> question = new LinkedHashMap<>();
    question.put("version", 1);
    question.put("hook", plugin.hook().word());
    question.put("cluster", spec.id().name());
    return question;
  }

  private Map<String, Object> server(MemberId member) {
    Map<String, Object> server = new LinkedHashMap<>();
    server.put("name", member.name());
    Optional<Server> known = spec.server(member);
    known.ifPresent(each -> {
      server.put("host", each.host());
      server.put("port", each.port());
    });
    return server;
  }

  /**
   * Tells the plug-ins of the hook {@code alert}.
   *
   * @param event in a form that can be written as JSON
   * @return why those that failed did, each with its name
   */
  public List<String> alert(Map<String, Object> event) throws InterruptedException {
    List<String> failures = new ArrayList<>();
    for (Plugin plugin : spec.practice().plugins(Plugin.Hook.ALERT)) {
      Map<String, Object> question = opening(plugin);
      question.put("event", event);
      question.put("parameters", plugin.parameters());
      try {
        PluginAnswer answer =
            process.ask(
                plugin.program(), PluginAnswer.question(question), Deadline.in(plugin.limit()));
        if (!answer.ok()) {
          failures.add(plugin.name() + ": " + answer.reason());
        }
      } catch (PluginProcess.Failed | IOException e) {
        failures.add(plugin.name() + ": " + e.getMessage());
      }
    }
    return failures;
  }

  private static boolean proves(Plugin plugin, PluginAnswer answer) {
    return plugin.hook() != Plugin.Hook.STONITH || !answer.evidence().get(Acts.PROOF, "").isBlank();
  }

  private Map<String, Object> about(
      Plugin plugin, MemberId member, Details arguments, Stamp stamp) {
    Map<String, Object> question = opening(plugin);
    question.put("epoch", stamp.epoch());
    question.put("operation", stamp.number());
    question.put("member", server(member));
    Details told = arguments.without(Acts.PLUGIN).without("hook");
    question.put("arguments", told.entries());
    question.put("parameters", plugin.parameters());
    return question;
  }

  /**
   * Nobody can look at what a plug-in did. What may be asked twice is asked again; a command after
   * a failover is not.
   */
  public Inspection inspect(Step step) {
    boolean again =
        plugin(step).filter(plugin -> plugin.hook() != Plugin.Hook.AFTER_FAILOVER).isPresent();
    return again
        ? new Inspection.NotApplied("it is asked again")
        : new Inspection.Unknown("nobody can tell whether the plug-in was run");
  }
}
