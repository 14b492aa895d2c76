package io.cotidal.lab.swift;

import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.ServerUser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;

/**
 * The files of a Keystone.
 *
 * @param folder its own, which nobody else may read
 * @param owner as whom it runs
 */
record KeystoneFiles(Path folder, UserPrincipal owner) {
  /** Makes its folder, its settings and its program. */
  static KeystoneFiles make(ServerRegistry registry, String name) throws IOException {
    String user = ServerUser.choose();
    Path folder = registry.folder("keystone-" + name).resolve("own");
    UserPrincipal owner =
        folder
            .getFileSystem()
            .getUserPrincipalLookupService()
            .lookupPrincipalByName(user.isEmpty() ? System.getProperty("user.name") : user);
    KeystoneFiles files = new KeystoneFiles(folder, owner);
    Files.createDirectory(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.setOwner(folder, owner);
    Files.writeString(files.mine(folder.resolve("keystone.conf")), files.settings().text());
    try (InputStream program = KeystoneFiles.class.getResourceAsStream("identity.py")) {
      if (program == null) {
        throw new IOException("the lab's program identity.py is not beside its classes");
      }
      Files.write(files.mine(files.program()), program.readAllBytes());
    }
    return files;
  }

  private Path mine(Path file) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.setOwner(file, owner);
    return file;
  }

  private Ini settings() {
    Ini file = new Ini();
    file.put("database", "connection", "sqlite:///" + database());
    file.put("fernet_tokens", "key_repository", folder.resolve("tokens").toString());
    file.put("fernet_receipts", "key_repository", folder.resolve("receipts").toString());
    file.put("credential", "key_repository", folder.resolve("credentials").toString());
    // The least that is taken: nobody attacks these passwords.
    file.put("identity", "password_hash_rounds", "4");
    return file;
  }

  /** Projects, users, roles. */
  private Path database() {
    return folder.resolve("keystone.db");
  }

  /** The program that runs it. It is not called as the modules are that it reads. */
  Path program() {
    return folder.resolve("identity.py");
  }

  /** What it says. */
  Path log() {
    return folder.resolve("keystone.log");
  }
}
