package io.cotidal.remote.http.kept;

import io.cotidal.remote.http.HttpTrouble;
import io.cotidal.remote.http.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Makes TLS sockets; reads the file of authorities again only if it was replaced. */
final class Authorities {
  private final Optional<Path> file;
  private final AtomicReference<@Nullable Known> known = new AtomicReference<>();

  private record Known(String stamp, SSLSocketFactory sockets) {}

  Authorities(Optional<Path> file) {
    this.file = file;
  }

  SSLSocketFactory sockets() throws HttpTrouble {
    String stamp = stamp();
    Known now = known.get();
    if (now == null || !now.stamp.equals(stamp)) {
      now =
          new Known(
              stamp, file.isPresent() ? Trust.beside(file.get()) : Trust.sockets(Optional.empty()));
      known.set(now);
    }
    return now.sockets;
  }

  private String stamp() throws HttpTrouble {
    if (file.isEmpty()) {
      return "";
    }
    try {
      BasicFileAttributes what = Files.readAttributes(file.get(), BasicFileAttributes.class);
      return what.lastModifiedTime() + " " + what.size() + " " + what.fileKey();
    } catch (IOException e) {
      throw new HttpTrouble(
          "the certificates in " + file.get() + " cannot be read: correct the path", e);
    }
  }
}
