package io.cotidal.objects.steps;

import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.spec.ObjectsSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What lies where in the folder of a namespace. */
final class Layout {
  private static final int DIGEST = 20;

  private Layout() {}

  /** The gates. */
  static Path gates(ObjectsSpec spec) {
    return spec.folder().resolve("gates");
  }

  /** What was agreed of each container itself. */
  static Path state(ObjectsSpec spec) {
    return spec.folder().resolve("state");
  }

  /** What was agreed of the objects in one container. */
  static Path book(ObjectsSpec spec, ContainerName container) {
    return spec.folder().resolve("books").resolve(digest(container));
  }

  /** What was overruled. */
  static Path ledger(ObjectsSpec spec) {
    return spec.folder().resolve("ledger");
  }

  /** What people made of sites, against the configuration. */
  static Path roles(ObjectsSpec spec) {
    return spec.folder().resolve("roles.json");
  }

  /** What gateways are told. */
  static Path placing(ObjectsSpec spec) {
    return spec.folder().resolve("placing.json");
  }

  /** Signed reports, and the key. */
  static Path proofs(ObjectsSpec spec) {
    return spec.folder().resolve("proofs");
  }

  /** A name for files about a container: no other one has it, and it is fit for any disk. */
  static String digest(ContainerName container) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(container.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, DIGEST);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Makes a folder that is nobody else's business. */
  static Path made(Path folder) throws IOException {
    return Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }
}
