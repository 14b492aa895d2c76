package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.directory.spec.Server;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Names;
import io.cotidal.sources.roll.Address;
import io.cotidal.sources.roll.Candidate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the members of a directory that the file itself names. */
final class DirectoryMembers {
  private static final String KEY = "members";

  private final Section section;
  private final Set<MemberId> names = new HashSet<>();
  private final Set<String> addresses = new HashSet<>();

  DirectoryMembers(Section section) {
    this.section = section;
  }

  /** Those that could be read; what is wrong with the others is reported. */
  List<Server> read() {
    List<Server> servers = new ArrayList<>();
    for (Section item : section.items(KEY)) {
      server(item).ifPresent(servers::add);
      item.close();
    }
    if (section.count(KEY) == 0) {
      section.problem(KEY, "names no member", "write at least one {host: …}");
    }
    return servers;
  }

  /** The same, as a source names them. */
  List<Candidate> candidates() {
    return read().stream()
        .map(each ->
            new Candidate(
                each.id().name(), new Address(each.host(), each.port()), each.labels(), true))
        .toList();
  }

  private Optional<Server> server(Section item) {
    Optional<String> host =
        item.need("host", Forms.host(), Optional.empty(), "write host: NAME or address");
    int port = item.get("port", Forms.whole(1, 65_535), Value.standard(0, "(that of access)"));
    Optional<String> name =
        item.need(
            "name",
            Forms.name(),
            host.map(each -> named(each, port))
                .filter(Names::valid)
                .map(each -> Value.standard(each, "(its host)")),
            "write name: NAME");
    String site = item.get("site", label(), Value.standard("", "(none)"));
    String role = item.get("role", label(), Value.standard("", "(none)"));
    if (host.isEmpty() || name.isEmpty()) {
      return Optional.empty();
    }
    MemberId id = new MemberId(name.get());
    if (!names.add(id)) {
      item.problem("name", "another member is called " + id, "give each a name of its own");
    }
    if (!addresses.add(host.get().toLowerCase(Locale.ROOT) + " " + port)) {
      item.problem("host", "another member has that host and port", "remove one of them");
    }
    Details labels = site.isEmpty() ? Details.NONE : Details.of(Server.SITE, site);
    return Optional.of(
        new Server(id, host.get(), port, role.isEmpty() ? labels : labels.with(Server.ROLE, role)));
  }

  /** As a source would name it. */
  private static String named(String host, int port) {
    String name = host.toLowerCase(Locale.ROOT).replace(':', '-');
    return port == 0 ? name : name + "-" + port;
  }

  private static Form<String> label() {
    return text ->
        Names.valid(text)
            ? fit(text)
            : unfit(
                Quote.of(text) + " is not a name",
                "use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit");
  }
}
