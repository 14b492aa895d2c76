package io.cotidal.copies.compat;

import io.cotidal.model.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the original's environment says, in the terms of {@link io.cotidal.copies.spec.CopiesSpec}.
 * Every dump in the folder of dumps is a template.
 *
 * @param ttl how long a copy lives if nothing else is asked for; zero for ever
 * @param debug whether more is logged
 */
public record MyaasSettings(
    Database database, Folders folders, Service service, Duration ttl, boolean debug) {

  /**
   * What serves the data.
   *
   * @param engine {@code mariadb} or {@code postgres}
   * @param password of every copy; empty for a random one each
   * @param memoryMegabytes of each copy; empty for the usual
   */
  public record Database(
      String engine,
      String name,
      String user,
      Optional<Secret> password,
      OptionalInt memoryMegabytes) {}

  /**
   * Where things lie. Links {@code data/TEMPLATE} and {@code data/TEMPLATE-COPY} are kept below the
   * volume.
   */
  public record Folders(Path volume, Path dumps) {}

  /**
   * How copies are run and reached: in containers, as the original ran them.
   *
   * @param socket Docker's Unix socket
   * @param listen the address on which copies listen: every one if others than this host are told
   *     where they are, since the original published them so
   * @param prefix what names of containers begin with, where they are told
   */
  public record Service(String image, Path socket, String listen, String host, String prefix) {}
}
