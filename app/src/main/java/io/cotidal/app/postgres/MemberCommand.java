package io.cotidal.app.postgres;

import io.cotidal.app.config.ConfigurationReader;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.config.MemberEdit;
import io.cotidal.app.config.Rereading;
import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code cot member add}, {@code remove} and {@code set}: the change of the configuration's text
 * that they mean, shown, or written if that is wanted.
 */
public final class MemberCommand implements LocalCommand {
  private static final Pattern MEMBER =
      Pattern.compile("postgres/([a-z0-9][a-z0-9._-]{0,62})/([a-z0-9][a-z0-9._-]{0,62})");
  private static final Pattern KEY = Pattern.compile("([a-z][a-z-]*(?:\\.[a-z][a-z-]*)?)=(.*)");

  /** What is done. */
  public enum Verb {
    /** A member comes. */
    ADD("Show or write the lines that add a member to a cluster"),
    /** A member goes. */
    REMOVE("Show or write the lines that remove a member from a cluster"),
    /** A member changes. */
    SET("Show or write the lines that change a member");

    private final String summary;

    Verb(String summary) {
      this.summary = summary;
    }

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private record Order(
      String cluster,
      String member,
      Map<String, String> keys,
      @Nullable Path config,
      boolean write) {}

  private final Verb verb;
  private final ConfigurationReader reader;

  /** The command that finds the configuration by {@code reader}. */
  public MemberCommand(Verb verb, ConfigurationReader reader) {
    this.verb = verb;
    this.reader = reader;
  }

  @Override
  public String name() {
    return "member " + verb.word();
  }

  @Override
  public String summary() {
    return verb.summary;
  }

  private String help() {
    return """
    usage: cot %s postgres/CLUSTER/MEMBER%s [--config FILE] [--write]

    Shows which lines of the configuration change, and whether it can be used then. --write writes it; every other
    line stays as it is. Nothing of the cluster changes before the daemon is told: cot apply.
    %s
    """
        .formatted(
            name(),
            verb == Verb.REMOVE ? "" : " [KEY=VALUE…]",
            switch (verb) {
              case ADD ->
                  "The keys are those of a member, as docs/postgres.md has them: port=5436 data=/srv/orders/d";
              case REMOVE ->
                  "The member leaves the quorum and its slot is dropped; its server runs on. Not the primary.";
              case SET ->
                  "An empty value removes a key. A primary keeps its port and its data directory.";
            });
  }

  @Override
  public int run(List<String> arguments, Terminal terminal) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      terminal.out().print(help());
      return ExitCode.OK.number();
    }
    try {
      return run(parse(arguments), terminal).number();
    } catch (IllegalArgumentException e) {
      terminal.err().println("cot: " + e.getMessage() + "; see cot " + name() + " --help");
      return ExitCode.USAGE.number();
    } catch (IOException e) {
      terminal.err().println("cot: the configuration cannot be written: " + e.getMessage());
      return ExitCode.FAILED.number();
    }
  }

  private Order parse(List<String> arguments) {
    @Nullable Matcher member = null;
    @Nullable Path config = null;
    boolean write = false;
    Map<String, String> keys = new LinkedHashMap<>();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      Matcher named = MEMBER.matcher(argument);
      Matcher key = KEY.matcher(argument);
      if (argument.equals("--write")) {
        write = true;
      } else if (argument.equals("--config") && rest.hasNext()) {
        config = Path.of(rest.next());
      } else if (named.matches() && member == null) {
        member = named;
      } else if (key.matches() && verb != Verb.REMOVE && !key.group(1).equals("name")) {
        keys.put(key.group(1), key.group(2));
      } else {
        throw new IllegalArgumentException("'" + argument + "' is not understood here");
      }
    }
    if (member == null) {
      throw new IllegalArgumentException("name the member: postgres/CLUSTER/MEMBER");
    }
    return new Order(member.group(1), member.group(2), keys, config, write);
  }

  private MemberEdit.Change change(Order order) {
    return switch (verb) {
      case ADD -> new MemberEdit.Change.Add(order.keys());
      case REMOVE -> new MemberEdit.Change.Remove();
      case SET -> new MemberEdit.Change.Set(order.keys());
    };
  }

  private ExitCode run(Order order, Terminal terminal) throws IOException {
    Rereading file = reader.again(order.config());
    if (file.text().isEmpty()) {
      throw new IllegalArgumentException(
          "there is no configuration to change; name it by --config");
    }
    return switch (MemberEdit.edit(
        file.text().get(), order.cluster(), order.member(), change(order))) {
      case MemberEdit.Edited.Not not -> {
        terminal.err().println("cot: " + not.reason());
        yield ExitCode.FAILED;
      }
      case MemberEdit.Edited.Done done -> finish(order, file, done, terminal);
    };
  }

  private static ExitCode finish(
      Order order, Rereading file, MemberEdit.Edited.Done done, Terminal terminal)
      throws IOException {
    terminal.out().println(file.place());
    done.lines().forEach(line -> terminal.out().println(line));
    if (file.judge(done.text()) instanceof Loaded.Invalid invalid) {
      invalid.problems().forEach(problem -> terminal.err().println("cot: " + problem));
      terminal.err().println("cot: nothing was written");
      return ExitCode.USAGE;
    }
    if (!order.write()) {
      terminal.out().println("nothing was written; with --write it is");
      return ExitCode.OK;
    }
    write(Path.of(file.place()).toRealPath(), done.text());
    terminal.out().println("written; cot apply takes it up");
    return ExitCode.OK;
  }

  /** Whole or not at all, with the owner and the mode that the file had. */
  private static void write(Path file, String text) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.copy(file, next, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(next, text);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
