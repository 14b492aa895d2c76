package io.cotidal.copies.storage;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * How much a subvolume of btrfs may write of its own, by the calls that the {@code btrfs} program
 * makes. Numbers and layouts are those of {@code linux/btrfs.h}. Simple quotas count an extent for
 * the subvolume that wrote it first: what a snapshot shares is not its own, and nothing has to be
 * counted anew.
 */
final class Quotas {
  private static final long CONTROL = 0xC0109428L;
  private static final long LIMIT = 0x8030942BL;
  private static final long ENABLE_SIMPLE = 4;
  private static final long MAX_EXCLUSIVE = 2;

  private final SystemCalls calls;

  Quotas(SystemCalls calls) {
    this.calls = calls;
  }

  /** Lets the file system count. One that counts already, in whatever way, goes on as it does. */
  void enable(Path root) throws CallFailed {
    MemorySegment argument = calls.memory(16);
    argument.set(ValueLayout.JAVA_LONG, 0, ENABLE_SIMPLE);
    on(root, CONTROL, argument, "count what is written to");
  }

  /**
   * Limits the subvolume {@code folder}.
   *
   * @throws IOException if it is none: the limit would be that of everything around it
   */
  void limit(Path folder, long bytes) throws IOException {
    if (!Subvolumes.is(folder)) {
      throw new IOException("'" + folder + "' is no subvolume: what it writes cannot be limited");
    }
    MemorySegment argument = calls.memory(48);
    argument.set(ValueLayout.JAVA_LONG, 8, MAX_EXCLUSIVE);
    argument.set(ValueLayout.JAVA_LONG, 24, bytes);
    on(folder, LIMIT, argument, "limit");
  }

  private void on(Path folder, long request, MemorySegment argument, String what)
      throws CallFailed {
    int opened = calls.openFolder(folder);
    try {
      calls.control(opened, request, argument.address(), what, folder);
    } finally {
      calls.close(opened);
    }
  }
}
