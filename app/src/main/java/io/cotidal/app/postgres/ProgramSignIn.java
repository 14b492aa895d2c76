package io.cotidal.app.postgres;

import io.cotidal.app.config.Authentication;
import io.cotidal.model.Details;
import io.cotidal.model.Permission;
import io.cotidal.model.Secret;
import io.cotidal.postgres.hooks.AskedProgram;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.server.access.SignIn;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * People whom a plug-in knows. It is told name and password on its standard input, and says role
 * and scope. Thread-safe.
 */
public final class ProgramSignIn implements SignIn {
  private static final Pattern SCOPE =
      Pattern.compile("\\*|[a-z0-9][a-z0-9._-]{0,62}/(\\*|[a-z0-9][a-z0-9._-]{0,62})");

  private final Authentication.Program program;
  private final AskedProgram asked;

  /** Asks nobody yet. */
  public ProgramSignIn(Authentication.Program program, LocalProcesses processes) {
    this.program = program;
    this.asked = new AskedProgram(program.file(), processes);
  }

  @Override
  public Optional<Grant> check(String user, Secret password)
      throws Unavailable, InterruptedException {
    Map<String, Object> question =
        Map.of(
            "version",
            1,
            "hook",
            "authentication",
            "user",
            user,
            "password",
            password.reveal(),
            "parameters",
            program.parameters());
    AskedProgram.Answer answer;
    try {
      answer = asked.ask(question, Deadline.in(program.limit()));
    } catch (IOException e) {
      throw new Unavailable(program.file() + ": " + e.getMessage());
    }
    return answer.ok() ? Optional.of(grant(answer.said())) : Optional.empty();
  }

  private Grant grant(Details said) throws Unavailable {
    String scope = said.get("scope", "*");
    if (!SCOPE.matcher(scope).matches()) {
      throw new Unavailable(program.file() + ": it says yes with a scope that is none");
    }
    try {
      return new Grant(Permission.valueOf(said.get("role", "").toUpperCase(Locale.ROOT)), scope);
    } catch (IllegalArgumentException e) {
      throw new Unavailable(program.file() + ": it says yes with a role that is none");
    }
  }
}
