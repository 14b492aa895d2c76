package io.cotidal.copies.storage;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Subvolumes of btrfs, by the calls that the {@code btrfs} program makes. Numbers and layouts are
 * those of {@code linux/btrfs.h}.
 */
final class Subvolumes {
  /** What statfs says of btrfs. */
  static final long FILE_SYSTEM = 0x9123683EL;

  private static final long DESTROY = 0x5000940FL;
  private static final long SNAPSHOT = 0x50009417L;
  private static final long CREATE = 0x50009418L;
  private static final int ARGUMENT = 4096;
  private static final int NAME_IN_FIRST_FORM = 8;
  private static final int NAME_IN_SECOND_FORM = 56;

  /** The root folder of every subvolume has this number, and no other folder has. */
  private static final long ROOT = 256;

  /** What stands in a snapshot for a subvolume within the source. */
  private static final long GAP = 2;

  private final SystemCalls calls;

  Subvolumes(SystemCalls calls) {
    this.calls = calls;
  }

  /** Whether {@code folder} is the root of a subvolume; not to be asked on another file system. */
  static boolean is(Path folder) throws IOException {
    return number(folder) == ROOT;
  }

  /** Whether {@code folder}, of a snapshot, stands for a subvolume that the snapshot has not. */
  static boolean missing(Path folder) throws IOException {
    return number(folder) == GAP;
  }

  private static long number(Path folder) throws IOException {
    return (Long) Files.getAttribute(folder, "unix:ino", LinkOption.NOFOLLOW_LINKS);
  }

  /** Makes an empty one. */
  void create(Path folder) throws CallFailed {
    on(folder, CREATE, NAME_IN_SECOND_FORM, -1, "make the subvolume");
  }

  /** Makes {@code target} a snapshot of the subvolume {@code source}; both can be written to. */
  void snapshot(Path source, Path target) throws CallFailed {
    int opened = calls.openFolder(source);
    try {
      on(target, SNAPSHOT, NAME_IN_SECOND_FORM, opened, "make the snapshot");
    } finally {
      calls.close(opened);
    }
  }

  /** Removes one with all that is in it; fails if it holds further subvolumes. */
  void destroy(Path folder) throws CallFailed {
    on(folder, DESTROY, NAME_IN_FIRST_FORM, 0, "remove the subvolume");
  }

  private void on(Path folder, long request, int nameAt, long opened, String what)
      throws CallFailed {
    MemorySegment argument = calls.memory(ARGUMENT);
    Path parent = folder.getParent();
    Path last = folder.getFileName();
    if (parent == null || last == null) {
      throw new IllegalArgumentException("'" + folder + "' has no name");
    }
    byte[] name = SystemCalls.bytes(folder);
    int start = SystemCalls.bytes(parent).length + 1;
    argument.set(ValueLayout.JAVA_LONG, 0, opened);
    MemorySegment.copy(name, start, argument, ValueLayout.JAVA_BYTE, nameAt, name.length - start);
    int parentOpened = calls.openFolder(parent);
    try {
      calls.control(parentOpened, request, argument.address(), what, folder);
    } finally {
      calls.close(parentOpened);
    }
  }
}
