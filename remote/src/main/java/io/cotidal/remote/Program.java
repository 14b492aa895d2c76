package io.cotidal.remote;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A program to run: never through a shell, with nothing in its environment but what is said here
 * and a search path.
 *
 * @param arguments the program's path, then its arguments; never a secret, for every user can read
 *     them
 * @param environment further variables; never a secret
 * @param input the file that it reads as its standard input; null for nothing
 * @param folder its working directory
 * @param user as whom; empty for the user of this process
 */
public record Program(
    List<String> arguments,
    SortedMap<String, String> environment,
    @Nullable Path input,
    Path folder,
    String user) {
  /** Copies the collections. */
  public Program {
    arguments = List.copyOf(arguments);
    environment = new TreeMap<>(environment);
  }

  /** That program without input, in the root directory. */
  public static Program of(String user, List<String> arguments) {
    return new Program(arguments, new TreeMap<>(), null, Path.of("/"), user);
  }

  /** The same with a file as its input. */
  public Program reading(Path file) {
    return new Program(arguments, environment, file, folder, user);
  }

  /** The same with further environment. */
  public Program with(Map<String, String> variables) {
    TreeMap<String, String> all = new TreeMap<>(environment);
    all.putAll(variables);
    return new Program(arguments, all, input, folder, user);
  }

  /** The program's file name. */
  public String name() {
    return Path.of(arguments.getFirst()).getFileName().toString();
  }
}
