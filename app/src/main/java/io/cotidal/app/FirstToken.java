package io.cotidal.app;

import io.cotidal.engine.TokenStore;
import io.cotidal.model.Permission;
import io.cotidal.model.Token;
import io.cotidal.server.access.Credentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way in before anybody has a token, and after the last administrator's token has expired. */
final class FirstToken {
  private static final Logger log = LoggerFactory.getLogger(FirstToken.class);
  private static final String ID = "admin";
  private static final Duration LIFE = Duration.ofDays(90);

  private FirstToken() {}

  /**
   * Writes a new administrator's token into {@code file} unless one is still valid. The secret is
   * in that file and nowhere else.
   *
   * @throws IOException if the file cannot be written; no token is added then
   */
  static void ensure(TokenStore tokens, Credentials credentials, Path file) throws IOException {
    long now = Instant.now().toEpochMilli() * 1000;
    boolean there =
        tokens.list().stream().anyMatch(token -> admin(token) && token.expiresMicros() > now);
    if (there) {
      return;
    }
    tokens.remove(ID);
    Optional<Credentials.Issued> issued = credentials.issue(ID, Permission.ADMIN, "*", LIFE);
    if (issued.isEmpty()) {
      // Another daemon on the same store was quicker.
      return;
    }
    try {
      write(file, issued.get().secret().reveal() + "\n");
    } catch (IOException e) {
      tokens.remove(ID);
      throw new IOException(
          "token file " + file + " cannot be written (" + e.getMessage() + "); check its folder",
          e);
    }
    log.info(
        "event=first-token file={} valid-days={} use=\"export COT_TOKEN_FILE={}\"",
        file,
        LIFE.toDays(),
        file);
  }

  private static boolean admin(Token token) {
    return token.permission() == Permission.ADMIN && token.scope().equals("*");
  }

  /** A file that is new, and closed to others before anything is in it. */
  private static void write(Path file, String text) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path draft =
        Files.createTempFile(
            folder,
            ".token",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.write(draft, text.getBytes(StandardCharsets.UTF_8));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
