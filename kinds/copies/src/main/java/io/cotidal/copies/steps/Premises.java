package io.cotidal.copies.steps;

import io.cotidal.copies.database.Place;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Prepares places for servers: folders, port, account, data, certificate. */
final class Premises {
  private static final String OPEN = "rwx--x--x";
  private static final String SHUT = "rwx------";

  private final Bench bench;

  Premises(Bench bench) {
    this.bench = bench;
  }

  /** The folder of a place: ours; what is in it may belong to a server's account. */
  void folder(String id) throws IOException {
    Path folder = bench.layout().folder(id);
    Files.createDirectories(folder.getParent());
    var shut = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OPEN));
    Files.createDirectory(folder, shut);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(OPEN));
  }

  /** The folder of its server's own, with a port and so with an account. */
  void run(String id) throws IOException, InterruptedException {
    Path run = bench.layout().run(id);
    Files.createDirectory(
        run, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(SHUT)));
    bench.tools().ports().take(run, Set.of());
    Owner.give(run, bench.place(id).uid());
  }

  /** The data of a generation. */
  void data(String id, String generation, Deadline deadline)
      throws IOException, InterruptedException {
    bench
        .tools()
        .volume()
        .copy(
            bench.layout().data(generation),
            bench.layout().data(id),
            bench.place(id).uid(),
            bench.tools().engine()::leftOut,
            deadline);
  }

  /** A certificate of its server's own. */
  void certificate(String id) throws IOException {
    Place place = bench.place(id);
    bench.tools().certificates().make(place, bench.names());
    trust(id, place.certificate());
  }

  /** Users must read the certificate to trust it; the folder that has its key is shut to them. */
  void trust(String id, Path certificate) throws IOException {
    Path open = bench.layout().certificate(id);
    Files.deleteIfExists(open);
    Files.copy(certificate, open);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
  }
}
