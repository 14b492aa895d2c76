package io.cotidal.copies.steps;

import io.cotidal.copies.database.Place;
import io.cotidal.copies.plan.Acts;
import io.cotidal.model.Details;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeSet;

/** What all acts do with places: say what they are, remove them, let links lead to them. */
final class Places {
  private static final Duration STOP = Duration.ofSeconds(10);

  private final Bench bench;

  Places(Bench bench) {
    this.bench = bench;
  }

  /** How users reach the place, and how it was made. */
  Details facts(String id) throws IOException {
    Place place = bench.place(id);
    return Details.of(Acts.HOST, bench.spec().service().host())
        .with(Acts.PORT, place.port())
        .with(Acts.DATABASE, bench.spec().database().name())
        .with(Acts.USER, bench.spec().database().user())
        .with(Acts.METHOD, bench.tools().volume().method().words());
  }

  /** Removes server, data, run files and port of a place; nothing there is no error. */
  void remove(String id, Deadline deadline) throws IOException, InterruptedException {
    Path folder = bench.layout().folder(id);
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    bench.sessions().drop(id);
    Path run = bench.layout().run(id);
    if (Files.isDirectory(run, LinkOption.NOFOLLOW_LINKS)) {
      bench.tools().runtime().stop(bench.place(id), false, deadline.atMost(STOP));
      bench.tools().ports().release(run);
    }
    Files.deleteIfExists(bench.layout().made(id));
    bench.tools().volume().remove(folder, deadline);
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
