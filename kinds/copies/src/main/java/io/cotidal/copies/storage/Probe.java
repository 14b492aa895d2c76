package io.cotidal.copies.storage;

import io.cotidal.copies.storage.Volume.Method;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out what a file system can do, by doing it: a name says nothing of rights, options, or the
 * kernel.
 */
final class Probe {
  private static final String NAME = ".cotidal-probe-";

  private final SystemCalls calls;
  private final Path root;
  private final boolean btrfs;
  private final Removal removal;

  Probe(SystemCalls calls, Path root, Deadline deadline) throws IOException {
    this.calls = calls;
    this.root = root;
    this.btrfs = calls.fileSystem(root) == Subvolumes.FILE_SYSTEM;
    this.removal = new Removal(calls, btrfs, deadline);
  }

  /** Whether there may be subvolumes. */
  boolean btrfs() {
    return btrfs;
  }

  /** The cheapest way to copy that was seen to work; removes what it made. */
  Method method() throws IOException, InterruptedException {
    sweep();
    Path folder = root.resolve(NAME + self() + "-" + new SecureRandom().nextInt(1 << 30));
    Files.createDirectory(folder);
    try {
      if (btrfs && snapshots(folder)) {
        return Method.SNAPSHOT;
      }
      return shares(folder) ? Method.REFLINK : Method.PLAIN;
    } finally {
      removal.remove(folder);
    }
  }

  private boolean snapshots(Path folder) throws IOException {
    Subvolumes subvolumes = new Subvolumes(calls);
    Path source = folder.resolve("source");
    Path copy = folder.resolve("copy");
    try {
      subvolumes.create(source);
      Files.writeString(source.resolve("file"), "written before the snapshot");
      subvolumes.snapshot(source, copy);
      boolean same = Files.mismatch(source.resolve("file"), copy.resolve("file")) < 0;
      subvolumes.destroy(copy);
      subvolumes.destroy(source);
      return same;
    } catch (CallFailed e) {
      return no(e);
    }
  }

  private boolean shares(Path folder) throws IOException {
    Path source = folder.resolve("shared");
    Files.write(source, new byte[64 * 1024]);
    int from = calls.openFile(source);
    try {
      int to = calls.createFile(folder.resolve("sharing"));
      try {
        calls.share(to, from, source);
        return true;
      } finally {
        calls.close(to);
      }
    } catch (CallFailed e) {
      return no(e);
    } finally {
      calls.close(from);
    }
  }

  /** That it cannot is an answer; that it may not be written to, or is full, is none. */
  private static boolean no(CallFailed e) throws CallFailed {
    return switch (e.error()) {
      case CallFailed.NOT_PERMITTED,
          CallFailed.NOT_SUPPORTED,
          CallFailed.NO_SUCH_CALL,
          CallFailed.INVALID,
          CallFailed.OTHER_DEVICE ->
          false;
      default -> throw e;
    };
  }

  /** Removes what a killed probe left. */
  private void sweep() throws IOException, InterruptedException {
    List<Path> left = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, NAME + "*@*-*")) {
      entries.forEach(left::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    for (Path folder : left) {
      String name = folder.getFileName().toString();
      String owner = name.substring(NAME.length(), name.lastIndexOf('-'));
      if (!lives(owner)) {
        removal.remove(folder);
      }
    }
  }

  private static boolean lives(String owner) throws IOException {
    try {
      return new ProcessTable().alive(ProcessId.parse(owner));
    } catch (IllegalArgumentException e) {
      // Not a name that a probe gives: somebody else's, and left alone.
      return true;
    }
  }

  private static ProcessId self() throws IOException {
    return new ProcessTable()
        .find(ProcessHandle.current().pid())
        .orElseThrow(() -> new IOException("/proc does not show this process: mount /proc"))
        .id();
  }
}
