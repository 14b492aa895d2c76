package io.cotidal.copies.steps;

import io.cotidal.model.Stamp;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Gate;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SortedSet;
import java.util.TreeSet;

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

  /**
   * Whether that copy can have its link, asked before anything is made for it.
   *
   * @throws FileAlreadyExistsException if something else is there
   */
  void requireLink(String copy) throws IOException {
    if (bench.spec().storage().links()) {
      requireOurs(bench.layout().link(copy));
    }
  }

  /** The same for the template's own link. */
  void requireTemplateLink() throws IOException {
    if (bench.spec().storage().links()) {
      requireOurs(bench.layout().link());
    }
  }

  /** What of the folder of links is not this template's; nothing if no links are kept. */
  SortedSet<String> taken() throws IOException {
    SortedSet<String> taken = new TreeSet<>();
    Path links = bench.layout().links();
    if (!bench.spec().storage().links() || !Files.isDirectory(links)) {
      return taken;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(links, "[!.]*")) {
      for (Path link : all) {
        if (!ours(link)) {
          taken.add(String.valueOf(link.getFileName()));
        }
      }
    }
    return taken;
  }

  private boolean ours(Path link) throws IOException {
    try {
      return Files.isSymbolicLink(link)
          && Files.readSymbolicLink(link).startsWith(bench.layout().places());
    } catch (NoSuchFileException e) {
      // Another template took its own away meanwhile.
      return true;
    }
  }

  private void requireOurs(Path link) throws IOException {
    if (Files.exists(link, LinkOption.NOFOLLOW_LINKS) && !ours(link)) {
      throw new FileAlreadyExistsException(
          link
              + ": "
              + (Files.isSymbolicLink(link)
                  ? "leads to another template's place"
                  : "is not a link of Cotidal's")
              + "; use another name");
    }
  }

  /** Lets the template's link lead to {@code instead} if it leads to {@code id}. */
  void leadBack(String id, String instead) throws IOException {
    Path link = bench.layout().link();
    if (bench.spec().storage().links()
        && Files.isSymbolicLink(link)
        && Files.readSymbolicLink(link).equals(bench.layout().data(id))) {
      linkTemplate(instead);
    }
  }

  private void lead(Path link, Path target) throws IOException {
    Files.createDirectories(link.getParent());
    requireOurs(link);
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
