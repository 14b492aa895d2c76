package io.cotidal.feeds.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads {@code layers.properties}: lines {@code workspace.layer.r=ROLE_A,ROLE_B}, {@code
 * workspace.r=*} or {@code mode=CHALLENGE}, comments and blank lines. A dot in a layer's name is
 * written {@code \\.}.
 */
final class RulesFile {
  private static final String SEGMENT = "(?:\\*|(?:[A-Za-z0-9_-]|\\\\{1,2}\\.){1,128})";
  private static final Pattern RESOURCE =
      Pattern.compile(SEGMENT + "\\." + "(?:" + SEGMENT + "\\.)?[rwaRWA]");
  private static final Pattern ROLES =
      Pattern.compile("\\*|[A-Za-z0-9_.@-]{1,128}(,[A-Za-z0-9_.@-]{1,128}){0,99}");
  private static final Set<String> MODES = Set.of("HIDE", "CHALLENGE", "MIXED");
  private static final int MOST = 10_000;

  private RulesFile() {}

  static Body.Rules read(String place, String text) throws BadJob {
    Map<String, String> rules = new LinkedHashMap<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && line.charAt(0) != '#' && line.charAt(0) != '!') {
        Body.Rule rule = rule(place + ": line " + (i + 1), line);
        if (rules.putIfAbsent(rule.resource(), rule.roles()) != null) {
          throw new BadJob(
              place + ": line " + (i + 1),
              BadJob.quoted(rule.resource()) + " has a rule already; keep one");
        }
      }
    }
    if (rules.size() > MOST) {
      throw new BadJob(place, "holds more than " + MOST + " rules; write fewer");
    }
    List<Body.Rule> all = new ArrayList<>();
    rules.forEach((resource, roles) -> all.add(new Body.Rule(resource, roles)));
    return new Body.Rules(all);
  }

  private static Body.Rule rule(String place, String line) throws BadJob {
    int equals = line.indexOf('=');
    if (equals < 0) {
      throw new BadJob(place, BadJob.quoted(line) + " is no rule; write resource=roles");
    }
    String resource = line.substring(0, equals).strip();
    String roles = line.substring(equals + 1).replaceAll("\\s*,\\s*", ",").strip();
    boolean mode = resource.equals("mode");
    if (!mode && !RESOURCE.matcher(resource).matches()) {
      throw new BadJob(
          place, BadJob.quoted(resource) + " is no resource; write workspace.layer.r, w or a");
    }
    if (mode ? !MODES.contains(roles) : !ROLES.matcher(roles).matches()) {
      throw new BadJob(
          place,
          BadJob.quoted(roles)
              + (mode
                  ? " is no mode; write HIDE, CHALLENGE or MIXED"
                  : " are no roles; write A,B or *"));
    }
    return new Body.Rule(resource, roles);
  }
}
