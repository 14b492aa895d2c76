package io.cotidal.feeds.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * What other replicas may fetch: hard links to contents, named by key. Whether anything is served
 * is whether the folder is there, so that all processes agree.
 */
record Served(Folders folders) {

  /** Whether others may fetch. */
  boolean on() {
    return Files.isDirectory(folders.served(), LinkOption.NOFOLLOW_LINKS);
  }

  /** Begins, with all that is there. */
  void begin() throws IOException {
    folders.made(folders.served());
    for (Path file : Folders.files(folders.entries())) {
      String key = file.getFileName().toString();
      var entry = Entry.read(folders, key);
      if (entry.isPresent()) {
        offer(key, folders.content(entry.get().sha256()));
      }
    }
  }

  /** Ends. */
  void end() throws IOException {
    Folders.remove(folders.served());
  }

  /** Links a content under that key, if anything is served. */
  void offer(String key, Path content) throws IOException {
    if (!on() || !Files.isRegularFile(content, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Path place = folders.ready(folders.served(key));
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS) && Files.isSameFile(place, content)) {
      return;
    }
    Path fresh = folders.fresh(".link");
    try {
      Files.createLink(fresh, content);
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Removes every link whose key no longer leads to a content, and mends the others. */
  void sweep() throws IOException {
    for (Path link : Folders.files(folders.served())) {
      String key = link.getFileName().toString();
      var content = Entry.read(folders, key).map(entry -> folders.content(entry.sha256()));
      if (content.isPresent() && Files.isRegularFile(content.get(), LinkOption.NOFOLLOW_LINKS)) {
        offer(key, content.get());
      } else {
        Files.deleteIfExists(link);
      }
    }
  }
}
