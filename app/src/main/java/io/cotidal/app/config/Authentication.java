package io.cotidal.app.config;

import io.cotidal.directory.people.People;
import io.cotidal.server.access.SignIn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who knows people by a name and a password, beside the tokens of the store.
 *
 * @param ldap a directory; asked first
 * @param program a plug-in
 */
public record Authentication(Optional<Ldap> ldap, Optional<Program> program) {
  /** Nobody has a password. */
  public static final Authentication NONE = new Authentication(Optional.empty(), Optional.empty());

  /**
   * A directory that knows people.
   *
   * @param grants what members of a group may do, in the order of the place's groups
   */
  public record Ldap(People.Place place, List<SignIn.Grant> grants) {
    /** Copies the list. */
    public Ldap {
      grants = List.copyOf(grants);
    }
  }

  /**
   * A program that knows people.
   *
   * @param file absolute
   * @param limit how long it may take
   * @param parameters what it is told every time
   */
  public record Program(Path file, Duration limit, SortedMap<String, String> parameters) {
    /** Copies the parameters. */
    public Program {
      parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    }
  }
}
