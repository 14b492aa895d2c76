package io.cotidal.cli.commands;

import io.cotidal.model.Action;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Finds commands by their words, and builds only what was asked for. */
public final class Commands {
  private final Catalogue catalogue;

  /** The built-in commands and those of {@code catalogue}. */
  public Commands(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /**
   * A command ready to be run.
   *
   * @param name as it is written after {@code cot}
   * @param form with everything that it takes
   */
  public record Found(String name, Form form, Command command) {}

  /** The command of exactly these words, unless it is a local one. */
  public Optional<Found> find(String words) {
    for (Builtin builtin : Builtin.values()) {
      if (builtin.words().equals(words)) {
        return Optional.of(found(words, builtin.summary(), make(builtin)));
      }
    }
    // Actions are one word; asking for them costs start-up time.
    if (words.indexOf(' ') >= 0 || local(words).isPresent()) {
      return Optional.empty();
    }
    List<Action> actions = new ArrayList<>();
    for (Action action : catalogue.actions().get()) {
      if (action.name().equals(words)) {
        actions.add(action);
      }
    }
    return actions.isEmpty()
        ? Optional.empty()
        : Optional.of(
            found(words, ActionCommand.summary(actions.getFirst()), new ActionCommand(actions)));
  }

  private static Found found(String name, String summary, Command command) {
    Form form = new Form(name, summary);
    command.declare(form);
    return new Found(name, form.withGlobals(), command);
  }

  private Command make(Builtin builtin) {
    return switch (builtin) {
      case GET -> new GetCommand();
      case STATUS -> new StatusCommand(false);
      case WATCH -> new StatusCommand(true);
      case DIFF -> new DiffCommand();
      case EVENTS -> new EventsCommand();
      case PLAN_LIST -> new PlanCommand(PlanCommand.Verb.LIST);
      case PLAN_SHOW -> new PlanCommand(PlanCommand.Verb.SHOW);
      case PLAN_APPROVE -> new PlanCommand(PlanCommand.Verb.APPROVE);
      case PLAN_REJECT -> new PlanCommand(PlanCommand.Verb.REJECT);
      case APPLY -> new ApplyCommand();
      case PAUSE -> new PauseCommand(true);
      case RESUME -> new PauseCommand(false);
      case OP_LIST -> new OpCommand(OpCommand.Verb.LIST);
      case OP_GET -> new OpCommand(OpCommand.Verb.GET);
      case OP_WATCH -> new OpCommand(OpCommand.Verb.WATCH);
      case OP_CANCEL -> new OpCommand(OpCommand.Verb.CANCEL);
      case OP_RESUME -> new OpCommand(OpCommand.Verb.RESUME);
      case OP_RESOLVE -> new OpCommand(OpCommand.Verb.RESOLVE);
      case COPY_CREATE -> new CopyCreate();
      case COPY_LIST -> new CopyLook(CopyLook.Verb.LIST);
      case COPY_SHOW -> new CopyLook(CopyLook.Verb.SHOW);
      case COPY_ENV -> new CopyLook(CopyLook.Verb.ENV);
      case COPY_SHELL -> new CopyShell();
      case COPY_DIFF -> new CopyDiff();
      case COPY_RESET -> new CopyChange(CopyChange.Verb.RESET);
      case COPY_RENEW -> new CopyChange(CopyChange.Verb.RENEW);
      case COPY_STOP -> new CopyChange(CopyChange.Verb.STOP);
      case COPY_START -> new CopyChange(CopyChange.Verb.START);
      case COPY_DELETE -> new CopyChange(CopyChange.Verb.DELETE);
      case TEMPLATE_LIST -> new TemplateCommand(TemplateCommand.Verb.LIST);
      case TEMPLATE_SHOW -> new TemplateCommand(TemplateCommand.Verb.SHOW);
      case TEMPLATE_IMPORT -> new TemplateCommand(TemplateCommand.Verb.IMPORT);
      case FEED_JOBS -> new FeedCommand(FeedCommand.Verb.JOBS);
      case FEED_EXPLAIN -> new FeedCommand(FeedCommand.Verb.EXPLAIN);
      case FEED_ROLLBACK -> new FeedCommand(FeedCommand.Verb.ROLLBACK);
      case FEED_RETRY -> new FeedCommand(FeedCommand.Verb.RETRY);
      case TOKEN_CREATE -> new TokenCommand(TokenCommand.Verb.CREATE);
      case TOKEN_LIST -> new TokenCommand(TokenCommand.Verb.LIST);
      case TOKEN_DELETE -> new TokenCommand(TokenCommand.Verb.DELETE);
      case DOCTOR -> new DoctorCommand(local("doctor"));
      case COMPLETION -> new CompletionCommand(this);
      case VERSION -> new VersionCommand(catalogue.version());
      case COMPAT_FAB -> new FabCommand();
      case COMPAT_UPDATE -> new UpdateCommand();
      case COMPAT_REAPER -> new ReaperCommand();
    };
  }

  /** The local command of exactly these words. */
  public Optional<LocalCommand> local(String words) {
    for (LocalCommand command : catalogue.local()) {
      if (command.name().equals(words)) {
        return Optional.of(command);
      }
    }
    return Optional.empty();
  }

  /** Every command's words, in alphabetical order. */
  public List<String> names() {
    TreeSet<String> names = new TreeSet<>();
    for (Builtin builtin : Builtin.values()) {
      names.add(builtin.words());
    }
    catalogue.local().forEach(command -> names.add(command.name()));
    catalogue.actions().get().forEach(action -> names.add(action.name()));
    return List.copyOf(names);
  }

  /** Headings with the commands below them, each with its summary, in the order of the help. */
  public Map<String, Map<String, String>> chapters() {
    Map<String, Map<String, String>> chapters = new LinkedHashMap<>();
    for (Builtin builtin : Builtin.values()) {
      chapters
          .computeIfAbsent(builtin.group().heading(), heading -> new LinkedHashMap<>())
          .put(builtin.words(), builtin.summary());
    }
    Map<String, String> change = new LinkedHashMap<>();
    for (Action action : catalogue.actions().get()) {
      change.putIfAbsent(action.name(), ActionCommand.summary(action));
    }
    Map<String, String> usual = chapters.getOrDefault(Builtin.Group.CHANGE.heading(), Map.of());
    change.putAll(usual);
    chapters.put(Builtin.Group.CHANGE.heading(), change);
    Map<String, String> here = new LinkedHashMap<>();
    for (LocalCommand command : catalogue.local()) {
      if (!command.name().equals("doctor")) {
        here.put(command.name(), command.summary());
      }
    }
    if (!here.isEmpty()) {
      chapters.put("On this machine", here);
    }
    return chapters;
  }
}
