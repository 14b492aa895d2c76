package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.model.Names;
import io.cotidal.model.ResourceId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code cot feed jobs|explain|rollback|retry}: what a replica's jobs are, and become. */
final class FeedCommand implements Command {
  private static final String KIND = "feeds";
  private static final String FEED = "--feed";
  private static final String GENERATION = "--generation";
  private static final int LONGEST_JOB = 200;

  /** What is asked for. */
  enum Verb {
    /** Every job. */
    JOBS("jobs"),
    /** One, and why it stands so. */
    EXPLAIN("explain"),
    /** An earlier generation of a table. */
    ROLLBACK("roll-back"),
    /** What failed, at once. */
    RETRY("retry");

    private final String action;

    Verb(String action) {
      this.action = action;
    }
  }

  private final Verb verb;

  FeedCommand(Verb verb) {
    this.verb = verb;
  }

  @Override
  public void declare(Form form) {
    switch (verb) {
      case JOBS ->
          form.detail("Ends with 1 if a job is not, or may not be, in force.")
              .example("feed jobs", "")
              .example("feed jobs --feed parks -o json", "");
      case EXPLAIN ->
          job(form)
              .detail("It only reads. Ends with 1 if the job is not in force.")
              .example("feed explain layer/sites.parcels", "")
              .example("feed explain sites.parcels", "");
      case ROLLBACK -> {
        job(form)
            .option(GENERATION, "NAME", "Which one; the newest before the one that is read.")
            .detail(
                "The table's view reads an earlier generation, until the job brings other data."
                    + " Disruptive: readers see other rows from one moment to the next.");
        Beginning.declare(form);
        form.example("feed rollback layer/sites.parcels --wait", "");
      }
      case RETRY -> {
        job(form).detail("Safe. A roll-back that holds the job is given up.");
        Beginning.declare(form);
        form.example("feed retry layer/sites.parcels --wait", "");
      }
    }
    form.option(FEED, "NAME", "Which replica; not needed if there is one.");
  }

  private static Form job(Form form) {
    return form.operand("JOB", "Its key, layer/sites.parcels, or its title, sites.parcels.");
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) throws InterruptedException {
    Map<String, String> input = new LinkedHashMap<>();
    if (verb != Verb.JOBS) {
      input.put("job", job(arguments.needOperand(0)));
    }
    if (verb == Verb.JOBS || verb == Verb.EXPLAIN) {
      return ReportScreen.show(session, answer(session, feed(arguments, session), input));
    }
    if (verb == Verb.ROLLBACK) {
      arguments
          .text(GENERATION)
          .map(FeedCommand::name)
          .ifPresent(generation -> input.put("generation", generation));
    }
    Beginning.limit(arguments);
    ResourceId feed = feed(arguments, session);
    String path = Resources.path(feed) + "/" + verb.action;
    return new Beginning(session).begin(feed, path, input, arguments);
  }

  private Node answer(Session session, ResourceId feed, Map<String, String> input) {
    String question =
        input.isEmpty()
            ? ""
            : "?job=" + URLEncoder.encode(input.getOrDefault("job", ""), StandardCharsets.UTF_8);
    return new Resources(session)
        .naming(feed, () -> session.api().get(Resources.path(feed) + "/" + verb.action + question));
  }

  private static String job(String text) {
    if (text.isBlank() || text.length() > LONGEST_JOB) {
      throw Failure.usage("'" + text + "' is no job", "cot feed jobs shows all");
    }
    return text;
  }

  private static String name(String text) {
    if (!Names.valid(text)) {
      throw Failure.usage(GENERATION + " '" + text + "' does not fit", "write for example g17");
    }
    return text;
  }

  /** The one that is named, else the only one there is. */
  private static ResourceId feed(Arguments arguments, Session session) {
    Optional<String> named = arguments.text(FEED);
    if (named.isPresent()) {
      String name = named.get().replaceFirst("^" + KIND + "/", "");
      if (!Names.valid(name)) {
        throw Failure.usage(FEED + " '" + name + "' is no name", "cot get shows them");
      }
      return new ResourceId(KIND, name);
    }
    List<String> ids =
        session.api().get(Resources.ALL).list("resources").stream()
            .map(resource -> resource.text("id"))
            .filter(id -> id.startsWith(KIND + "/"))
            .sorted()
            .toList();
    if (ids.size() == 1) {
      return ResourceId.parse(ids.getFirst());
    }
    if (ids.isEmpty()) {
      throw new Failure(
          ExitCode.NOT_FOUND, "the server has no feeds", "name one below feeds, see docs/feeds.md");
    }
    throw Failure.usage(
        "there are " + ids.size() + " feeds: " + String.join(", ", ids), "write --feed NAME");
  }
}
