package io.cotidal.copies.steps;

import io.cotidal.model.Stamp;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Gate;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** What all acts do with places: say what they are, remove them, let links lead to them. */
final class Places {
  private final Bench bench;

  Places(Bench bench) {
    this.bench = bench;
  }

  /** Removes server, data, run files and port of a place; nothing there is no error. */
  void remove(String id, Deadline deadline) throws IOException, InterruptedException {
    Path folder = bench.layout().folder(id);
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    new Homes(bench).of(id).leave(deadline);
    Files.deleteIfExists(bench.layout().made(id));
    bench.tools().volume().remove(folder, deadline);
  }

  /**
   * Removes the server of a generation with all that is in it; none there is no error. From then on
   * the generation is not whole, so that nobody makes another one.
   */
  void removeServer(String generation, Deadline deadline) throws IOException, InterruptedException {
    String host = Layout.host(generation);
    if (!Files.isDirectory(bench.layout().folder(host), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.deleteIfExists(bench.layout().made(generation));
    boolean _ =
        new Gate(bench.layout().gated(host), bench.tools().processes())
            .look(
                Stamp.NONE,
                deadline,
                _ -> {
                  remove(host, deadline);
                  return true;
                })
            .orElseThrow(() -> new IOException(host + " is being removed by somebody else"));
  }

  /** Forgets a place's secrets. */
  void forget(String id) {
    bench.tools().secrets().drop(bench.spec().id(), id + "/password");
    bench.tools().secrets().drop(bench.spec().id(), id + "/administrator");
  }

  boolean hasSecrets(String id) {
    return bench.tools().secrets().find(bench.spec().id(), id + "/password").isPresent()
        || bench.tools().secrets().find(bench.spec().id(), id + "/administrator").isPresent();
  }

  /**
   * Lets the original's path of a copy lead to the place.
   *
   * @throws FileAlreadyExistsException if something else is there
   */
  void link(String copy, String id) throws IOException {
    if (bench.spec().storage().links()) {
      lead(bench.layout().link(copy), bench.layout().data(id));
    }
  }

  /** Lets the original's path of the template lead to a generation. */
  void linkTemplate(String id) throws IOException {
    if (bench.spec().storage().links()) {
      lead(bench.layout().link(), bench.layout().data(id));
    }
  }

  private void lead(Path link, Path target) throws IOException {
    Files.createDirectories(link.getParent());
    if (Files.isSymbolicLink(link)) {
      Path now = Files.readSymbolicLink(link);
      if (!now.startsWith(bench.layout().places())) {
        throw new FileAlreadyExistsException(link + " leads to another template's place");
      }
    } else if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(link + " is not a link of Cotidal's");
    }
    Path fresh = link.resolveSibling("." + link.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createSymbolicLink(fresh, target);
    Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Takes away links that lead to the place. */
  void unlink(String id) throws IOException {
    Path links = bench.layout().links();
    if (!bench.spec().storage().links() || !Files.isDirectory(links)) {
      return;
    }
    Path data = bench.layout().data(id);
    try (DirectoryStream<Path> all = Files.newDirectoryStream(links)) {
      for (Path link : all) {
        if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(data)) {
          Files.deleteIfExists(link);
        }
      }
    }
  }
}
