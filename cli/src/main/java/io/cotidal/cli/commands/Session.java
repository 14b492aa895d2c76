package io.cotidal.cli.commands;

import io.cotidal.cli.api.Api;
import io.cotidal.cli.api.Credentials;
import io.cotidal.cli.api.Node;
import io.cotidal.cli.api.Server;
import io.cotidal.cli.terminal.Interrupts;
import io.cotidal.cli.terminal.Programs;
import io.cotidal.cli.terminal.Style;
import io.cotidal.cli.terminal.Table;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.cli.terminal.Text;
import io.cotidal.cli.terminal.Time;
import io.cotidal.cli.terminal.Tone;
import io.cotidal.cli.terminal.Yaml;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a command works with: the server, the terminal, and how the person wants to be answered. */
public final class Session {
  private final Terminal terminal;
  private final Map<String, String> environment;
  private final Time time;
  private final Interrupts interrupts;
  private final Programs programs;
  private final Output output;
  private final boolean quiet;
  private final String address;
  private final boolean addressGiven;
  private final Style style;
  private @Nullable Api api;

  /** A session as {@code arguments} and the surroundings ask for it. */
  public Session(Arguments arguments, Surroundings surroundings) {
    terminal = surroundings.terminal();
    environment = surroundings.environment();
    time = surroundings.time();
    interrupts = surroundings.interrupts();
    programs = surroundings.programs();
    output = Output.parse(arguments.text(Globals.OUTPUT).orElse("table"));
    quiet = arguments.flag(Globals.QUIET);
    addressGiven = arguments.text(Globals.SERVER).isPresent();
    String told = environment.getOrDefault("COT_SERVER", "");
    address = arguments.text(Globals.SERVER).orElse(told.isEmpty() ? Server.USUAL : told);
    style = Style.of(environment, terminal.outIsTerminal());
  }

  /** The server; nothing is sent before its first call. */
  public Api api() {
    if (api == null) {
      Server server = Server.parse(address, addressGiven ? Globals.SERVER : "COT_SERVER");
      api = new Api(server, new Credentials(environment));
    }
    return api;
  }

  /** The streams. */
  public Terminal terminal() {
    return terminal;
  }

  /** What the shell exports. */
  public Map<String, String> environment() {
    return environment;
  }

  /** The clocks. */
  public Time time() {
    return time;
  }

  /** Tells of Ctrl-C. */
  public Interrupts interrupts() {
    return interrupts;
  }

  /** Runs other programs. */
  public Programs programs() {
    return programs;
  }

  /** In which form data is wanted. */
  public Output output() {
    return output;
  }

  /** Whether people read the data. */
  public boolean forPeople() {
    return output == Output.TABLE;
  }

  /** Whether talk is unwelcome. */
  public boolean quiet() {
    return quiet;
  }

  /** The colours of data. */
  public Style style() {
    return style;
  }

  /** The colours of talk. */
  public Style talkStyle() {
    return Style.of(environment, terminal.errIsTerminal());
  }

  /** A line of data. */
  public void line(String text) {
    terminal.out().println(Text.plain(text));
  }

  /** A line of data in one tone. */
  public void line(Tone tone, String text) {
    terminal.out().println(style.paint(tone, Text.plain(text)));
  }

  /** A line of talk. */
  public void say(String text) {
    if (!quiet) {
      terminal.err().println(Text.plain(text));
    }
  }

  /** A table as data, indented by so many columns. */
  public void table(Table table, int indent) {
    int natural = natural(table) + indent;
    int limit = terminal.limit(natural);
    int room = limit == 0 ? 0 : Math.max(20, limit - indent);
    for (String line : table.lines(room, terminal.ellipsis(), style)) {
      terminal.out().println(" ".repeat(indent) + line);
    }
  }

  /** A table as talk. */
  public void say(Table table) {
    int limit = terminal.errIsTerminal() ? terminal.width(natural(table)) : 0;
    for (String line : table.lines(limit, terminal.ellipsis(), talkStyle())) {
      terminal.err().println(line);
    }
  }

  private static int natural(Table table) {
    int natural = 0;
    for (String line : table.lines(0, "", Style.NONE)) {
      natural = Math.max(natural, Text.width(line));
    }
    return natural;
  }

  /** A table as data. */
  public void table(Table table) {
    table(table, 0);
  }

  /** The server's record as JSON or YAML. */
  public void record(Node node) {
    String text = output == Output.YAML ? Yaml.of(node.value()) : api().json().pretty(node.value());
    terminal.out().print(text);
    terminal.out().flush();
  }

  /** This session with its data going to {@code other}, in the same colours. */
  public Session writingTo(Terminal other) {
    return new Session(this, other);
  }

  private Session(Session from, Terminal other) {
    terminal = other;
    environment = from.environment;
    time = from.time;
    interrupts = from.interrupts;
    programs = from.programs;
    output = from.output;
    quiet = from.quiet;
    address = from.address;
    addressGiven = from.addressGiven;
    style = from.style;
    api = from.api();
  }
}
