package io.cotidal.app.postgres;

import io.cotidal.app.adopt.Original;
import io.cotidal.app.adopt.Refused;
import io.cotidal.app.config.ClustersSection;
import io.cotidal.app.config.HandyrepFile;
import io.cotidal.app.config.Problem;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.postgres.compat.Adopted;
import io.cotidal.postgres.compat.Adoption;
import io.cotidal.postgres.compat.Foreign;
import io.cotidal.postgres.compat.UnreadableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** HandyRep's files: {@code handyrep.conf}, {@code servers.save}. */
public final class HandyrepOriginal implements Original {
  /** Of HandyRep. */
  public HandyrepOriginal() {}

  /** They may be INI, YAML or JSON: what is none of another tool's is taken for one. */
  @Override
  public boolean knows(Text file) {
    return true;
  }

  @Override
  public String help() {
    return "HandyRep: handyrep.conf, servers.save, or both; servers.save knows the servers better.";
  }

  @Override
  public void adopt(List<Text> files, Optional<Path> output, Terminal terminal) throws Refused {
    Adopted adopted = adopted(files);
    Passwords passwords = new Passwords(adopted, output.orElse(null));
    String yaml = adopted.yaml(passwords::reference);
    List<Problem> faults = new ClustersSection().faults(yaml);
    if (!faults.isEmpty()) {
      Problem first = faults.getFirst();
      throw new Refused(
          first.path() + ": " + first.reason() + "; correct it in HandyRep's files first");
    }
    if (output.isEmpty()) {
      terminal.out().print(yaml);
      terminal.out().flush();
    } else {
      try {
        passwords.write(output.get(), yaml);
      } catch (IOException e) {
        throw new Refused(
            output.get() + ": not written (" + e.getMessage() + "); nothing was changed");
      }
      terminal.err().println("Written: " + output.get());
    }
    passwords.remarks().forEach(terminal.err()::println);
    if (!adopted.report().isEmpty()) {
      terminal.err().println("What does not carry over, or not as it was:");
      adopted.report().forEach(line -> terminal.err().println("  " + line));
    }
  }

  private static Adopted adopted(List<Text> files) throws Refused {
    Optional<Foreign.Group> configuration = Optional.empty();
    Optional<Foreign.Group> saved = Optional.empty();
    for (Text file : files) {
      try {
        HandyrepFile read = HandyrepFile.read(file.text());
        if ((read.saved() ? saved : configuration).isPresent()) {
          throw new Refused(file + ": is the same kind of file as another one; give one of each");
        }
        if (read.saved()) {
          saved = Optional.of(read.content());
        } else {
          configuration = Optional.of(read.content());
        }
      } catch (UnreadableFile e) {
        throw new Refused(file + ": " + e.getMessage());
      }
    }
    try {
      return Adoption.of(
          configuration.orElse(Foreign.Group.EMPTY), saved.orElse(Foreign.Group.EMPTY));
    } catch (UnreadableFile e) {
      throw new Refused(files.getLast() + ": " + e.getMessage());
    }
  }

  /** The name of an account's secret in the environment. */
  static String variable(String cluster, String account) {
    return cluster
            .toUpperCase(Locale.ROOT)
            .replaceAll("[^A-Z0-9]", "_")
            .replaceFirst("^([0-9])", "_$1")
        + "_"
        + account.toUpperCase(Locale.ROOT)
        + "_PASSWORD";
  }
}
