package io.cotidal.app.copies;

import io.cotidal.app.config.Amounts;
import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.copies.storage.VolumeFile;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code cot volume init|attach|detach}: a copy-on-write volume for hosts that have none. */
public final class VolumeCommand implements LocalCommand {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String HELP =
      """
      usage: cot volume init PATH --size 50GiB [--type btrfs|xfs]
             cot volume attach PATH
             cot volume detach PATH

      init makes PATH.img, a file with holes, with a file system in it that copies folders without copying bytes, and
      mounts it at PATH; asked again for the same, it only sees to it that it is mounted. attach mounts it again after
      the machine was started anew; detach unmounts it and keeps the file. Needs root. What is there already is never
      touched.
      """;

  private final Verb verb;

  /** What is done to the volume. */
  public enum Verb {
    /** Make it. */
    INIT("Make a copy-on-write volume in a file"),
    /** Mount it again. */
    ATTACH("Mount such a volume again"),
    /** Unmount it. */
    DETACH("Unmount such a volume");

    private final String summary;

    Verb(String summary) {
      this.summary = summary;
    }
  }

  private record Asked(Path folder, Optional<Long> size, VolumeFile.Type type) {}

  /** The command for that verb. */
  public VolumeCommand(Verb verb) {
    this.verb = verb;
  }

  @Override
  public String name() {
    return "volume " + verb.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String summary() {
    return verb.summary;
  }

  @Override
  public int run(List<String> arguments, Terminal terminal) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      terminal.out().print(HELP);
      return ExitCode.OK.number();
    }
    Asked asked;
    try {
      asked = parse(arguments);
    } catch (IllegalArgumentException e) {
      terminal.err().println("cot: " + e.getMessage() + "; see cot " + name() + " --help");
      return ExitCode.USAGE.number();
    }
    try {
      terminal.out().println(done(asked));
      return ExitCode.OK.number();
    } catch (IOException e) {
      terminal.err().println("cot: " + e.getMessage());
      return ExitCode.FAILED.number();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED.number();
    }
  }

  private String done(Asked asked) throws IOException, InterruptedException {
    VolumeFile volume = new VolumeFile(asked.folder());
    Deadline deadline = Deadline.in(LIMIT);
    return switch (verb) {
      case INIT -> {
        boolean made = volume.init(asked.size().orElseThrow(), asked.type(), deadline);
        yield "a "
            + asked.type().word()
            + " volume is mounted at "
            + volume.folder()
            + (made ? "" : ", made before")
            + "; after a restart of the machine: cot volume attach "
            + volume.folder();
      }
      case ATTACH ->
          volume.attach(deadline)
              ? volume.folder() + " is mounted"
              : volume.folder() + " was mounted already";
      case DETACH -> {
        volume.detach(deadline);
        yield volume.folder() + " is unmounted; " + volume.image() + " keeps its content";
      }
    };
  }

  private Asked parse(List<String> arguments) {
    @Nullable Path folder = null;
    Optional<Long> size = Optional.empty();
    VolumeFile.Type type = VolumeFile.Type.BTRFS;
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      if (verb == Verb.INIT && argument.equals("--size") && rest.hasNext()) {
        size = Optional.of(Amounts.bytes(rest.next()));
      } else if (verb == Verb.INIT && argument.equals("--type") && rest.hasNext()) {
        type = type(rest.next());
      } else if (folder == null && !argument.startsWith("-")) {
        folder = Path.of(argument).toAbsolutePath().normalize();
      } else {
        throw new IllegalArgumentException("'" + argument + "' is not understood here");
      }
    }
    if (folder == null) {
      throw new IllegalArgumentException("name the folder in which the volume is to appear");
    }
    if (verb == Verb.INIT && size.isEmpty()) {
      throw new IllegalArgumentException("--size is missing");
    }
    return new Asked(folder, size, type);
  }

  private static VolumeFile.Type type(String word) {
    return Arrays.stream(VolumeFile.Type.values())
        .filter(each -> each.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("type '" + word + "': write btrfs or xfs"));
  }
}
