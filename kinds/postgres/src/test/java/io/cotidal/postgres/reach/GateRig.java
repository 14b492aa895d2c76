package io.cotidal.postgres.reach;

import io.cotidal.model.Stamp;
import io.cotidal.remote.Conduit;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import io.cotidal.remote.LocalConduit;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Program;
import io.cotidal.remote.ssh.Dialogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The gate's program installed for one member in a folder of its own. */
final class GateRig implements AutoCloseable {
  static final String MEMBER = "b@orders";
  final Path base;
  final Path program;
  final Places places;

  GateRig() {
    this(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** In a folder of {@code home}. */
  GateRig(Path home) {
    try {
      base = Files.createTempDirectory(home, "cotidal-gate");
      program = base.resolve("gate").resolve("cotidal-gate");
      places = new Places(base.resolve("srv").resolve("b"), base.resolve("bin"));
      Files.createDirectories(program.resolveSibling("members"));
      Files.createDirectories(places.data());
      Files.createDirectories(places.bin());
      Files.writeString(program, GateProgram.text());
      Files.writeString(
          program.resolveSibling("members").resolve(MEMBER), GateProgram.member(places));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  ProcessWire wire(String asked) {
    return new ProcessWire(program, asked);
  }

  ProcessWire enter(Stamp stamp, long millis) {
    return wire("cotidal-gate 1 " + MEMBER + " enter " + stamp + " " + millis);
  }

  SshInside inside(Dialogue dialogue, Stamp stamp) {
    return new SshInside(
        places,
        dialogue,
        new SshInside.Stay(stamp, Stamp.NONE, Deadline.in(Duration.ofSeconds(20))),
        _ -> conduit("meet " + stamp));
  }

  /** A program that bytes are exchanged with, as SSH would start it. */
  Conduit conduit(String asked) {
    try {
      return new LocalConduit(
          new LocalProcesses(),
          Program.of("", List.of("/bin/sh", program.toString()))
              .with(Map.of("SSH_ORIGINAL_COMMAND", "cotidal-gate 1 " + MEMBER + " " + asked)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void program(String name, String text) throws IOException {
    Path file = places.bin().resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Every file below the folder, and what is in it. */
  List<String> everything(Path... but) {
    try (Stream<Path> files = Files.walk(base)) {
      return files
          .filter(file -> Stream.of(but).noneMatch(file::startsWith))
          .map(GateRig::shown)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String shown(Path file) {
    try {
      return Files.isRegularFile(file) ? file + " " + Files.readString(file) : file.toString();
    } catch (IOException e) {
      return file + " unreadable";
    }
  }

  @Override
  public void close() {
    try {
      Durable.empty(base);
      Files.delete(base);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
