package io.cotidal.app.objects;

import io.cotidal.app.adopt.NewFile;
import io.cotidal.app.adopt.Original;
import io.cotidal.app.adopt.Refused;
import io.cotidal.app.config.NamespacesSection;
import io.cotidal.app.config.Problem;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.objects.compat.Adopted;
import io.cotidal.objects.compat.Autosync;
import io.cotidal.objects.compat.SiteFiles;
import io.cotidal.objects.compat.UnreadableConf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Swift's files at sites with Swift Autosync: {@code proxy-server.conf}, {@code
 * container-server.conf}. They are only read.
 */
public final class AutosyncOriginal implements Original {
  private static final Pattern SWIFT =
      Pattern.compile("^\\s*\\[(filter|pipeline|app|composite):[^]]*]", Pattern.MULTILINE);

  /** Lines that are no comments. */
  private static final String LINE = "^[ \\t]*[^#;\\s].*";

  private static final Pattern CONTAINER =
      Pattern.compile(LINE + "?(container-server\\b|#container\\b)", Pattern.MULTILINE);
  private static final Pattern PROXY =
      Pattern.compile(LINE + "?(proxy-server\\b|#proxy\\b|autosync)", Pattern.MULTILINE);

  /** Of Swift Autosync. */
  public AutosyncOriginal() {}

  @Override
  public boolean knows(Text file) {
    return SWIFT.matcher(file.text()).find();
  }

  @Override
  public String help() {
    return "Swift Autosync: the proxy-server.conf of each site, and the container-server.conf of each.";
  }

  @Override
  public void adopt(List<Text> files, Optional<Path> output, Terminal terminal) throws Refused {
    Adopted adopted;
    try {
      adopted = Autosync.of(sites(files));
    } catch (UnreadableConf e) {
      throw new Refused(String.valueOf(e.getMessage()));
    }
    List<Problem> faults = new NamespacesSection().faults(adopted.yaml());
    if (!faults.isEmpty()) {
      Problem first = faults.getFirst();
      throw new Refused(
          first.path() + ": " + first.reason() + "; correct it in Swift's files first");
    }
    write(adopted.yaml(), output, terminal);
    say(
        "What goes out of Swift's files, once the configuration is in force:",
        adopted.removals(),
        terminal);
    say("What you should know:", adopted.warnings(), terminal);
  }

  private static void write(String yaml, Optional<Path> output, Terminal terminal) throws Refused {
    if (output.isEmpty()) {
      terminal.out().print(yaml);
      terminal.out().flush();
      return;
    }
    try {
      NewFile.make(List.of(new NewFile(output.get(), "rw-r--r--", yaml)));
    } catch (IOException e) {
      throw new Refused(
          output.get() + ": not written (" + e.getMessage() + "); nothing was changed");
    }
    terminal.err().println("Written: " + output.get());
  }

  private static void say(String heading, List<String> lines, Terminal terminal) {
    if (!lines.isEmpty()) {
      terminal.err().println(heading);
      lines.forEach(line -> terminal.err().println("  " + line));
    }
  }

  /** Which container server's file stands beside which proxy's does not matter: both are read. */
  private static List<SiteFiles> sites(List<Text> files) throws Refused {
    List<Text> proxies = files.stream().filter(file -> !container(file)).toList();
    List<Text> containers = files.stream().filter(AutosyncOriginal::container).toList();
    if (containers.size() > proxies.size()) {
      throw new Refused(
          containers.getLast()
              + ": is a container server's; name the proxy-server.conf of its site too");
    }
    Iterator<Text> rest = containers.iterator();
    List<SiteFiles> sites = new ArrayList<>();
    for (Text proxy : proxies) {
      Optional<SiteFiles.File> beside =
          rest.hasNext() ? Optional.of(file(rest.next())) : Optional.empty();
      sites.add(new SiteFiles(file(proxy), beside));
    }
    return sites;
  }

  private static boolean container(Text file) {
    return CONTAINER.matcher(file.text()).find() && !PROXY.matcher(file.text()).find();
  }

  private static SiteFiles.File file(Text text) {
    return new SiteFiles.File(text.file().toString(), text.text());
  }
}
