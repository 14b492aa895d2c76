package io.cotidal.copies.storage;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The calls of Linux for which Java has no word: sharing extents, subvolumes, owners by number.
 * Without them each copy would start programs. For one thread at a time; memory is given back by
 * {@link #close}.
 */
final class SystemCalls implements AutoCloseable {
  /** Length of the longest path that the kernel takes, with its end. */
  private static final int LONGEST_PATH = 4096;

  private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");
  private static final int WRITE_ONLY = 1;
  private static final int CREATE = 0x40;
  private static final int EXCLUSIVE = 0x80;
  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int FOLDER = ARM ? 0x4000 : 0x10000;
  private static final int NO_LINK = ARM ? 0x8000 : 0x20000;
  private static final int HERE = -100;
  private static final int NO_REPLACE = 1;
  private static final long FICLONE = 0x40049409L;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final java.lang.foreign.AddressLayout ADDRESS = ValueLayout.ADDRESS;

  private static final MethodHandle OPEN = variadic("open", 2, INT, ADDRESS, INT, INT);
  private static final MethodHandle CLOSE = call("close", INT, INT);
  private static final MethodHandle CONTROL = variadic("ioctl", 2, INT, INT, LONG, LONG);
  private static final MethodHandle CHOWN_OPEN = call("fchown", INT, INT, INT, INT);
  private static final MethodHandle CHOWN = call("lchown", INT, ADDRESS, INT, INT);
  private static final MethodHandle CHMOD_OPEN = call("fchmod", INT, INT, INT);
  private static final MethodHandle RENAME =
      call("renameat2", INT, INT, ADDRESS, INT, ADDRESS, INT);
  private static final MethodHandle STATFS = call("statfs", INT, ADDRESS, ADDRESS);
  private static final MethodHandle STATX = call("statx", INT, INT, ADDRESS, INT, INT, ADDRESS);
  private static final MethodHandle SYNC = call("syncfs", INT, INT);
  private static final MethodHandle REASON = plain("strerror", ADDRESS, INT);
  private static final VarHandle ERROR =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
  private final MemorySegment path = arena.allocate(LONGEST_PATH);
  private final MemorySegment otherPath = arena.allocate(LONGEST_PATH);

  /** Zeroed memory that lives as long as this. */
  MemorySegment memory(long bytes) {
    return arena.allocate(bytes, 8);
  }

  /** Opens a folder; a link to one is refused. */
  int openFolder(Path folder) throws CallFailed {
    return open(folder, CLOSE_ON_EXEC | FOLDER | NO_LINK, 0);
  }

  /** Opens a file for reading; a link is refused. */
  int openFile(Path file) throws CallFailed {
    return open(file, CLOSE_ON_EXEC | NO_LINK, 0);
  }

  /** Makes a file that was not there, for writing; readable for nobody but this user. */
  int createFile(Path file) throws CallFailed {
    return open(file, CLOSE_ON_EXEC | NO_LINK | WRITE_ONLY | CREATE | EXCLUSIVE, 0x180);
  }

  private int open(Path file, int flags, int mode) throws CallFailed {
    MemorySegment name = name(file, path);
    try {
      return told((int) OPEN.invokeExact(state, name, flags, mode), "open", file);
    } catch (CallFailed e) {
      throw e;
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  /** Closes what was opened. */
  void close(int opened) throws CallFailed {
    try {
      told((int) CLOSE.invokeExact(state, opened), "close", null);
    } catch (CallFailed e) {
      throw e;
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  /** Lets the empty open file {@code to} share all extents of {@code from}. */
  void share(int to, int from, Path file) throws CallFailed {
    control(to, FICLONE, from, "share the extents of", file);
  }

  /** Asks a file system for something special about an open file. */
  void control(int opened, long request, long argument, String what, Path file) throws CallFailed {
    try {
      told((int) CONTROL.invokeExact(state, opened, request, argument), what, file);
    } catch (CallFailed e) {
      throw e;
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  /** Gives an open file to the account with that number, and to the group with the same. */
  void own(int opened, int uid, Path file) throws CallFailed {
    try {
      told((int) CHOWN_OPEN.invokeExact(state, opened, uid, uid), "give away", file);
    } catch (CallFailed e) {
      throw e;
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  /** The same by name; a link is not followed. */
  void own(Path file, int uid) throws CallFailed {
    MemorySegment name = name(file, path);
    try {
      told((int) CHOWN.invokeExact(state, name, uid, uid), "give away", file);
    } catch (CallFailed e) {
      throw e;
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  /** Sets who may do what with an open file. */
  void permit(int opened, int mode, Path file) throws CallFailed {
    try {
      told((int) CHMOD_OPEN.invokeExact(state, opened, mode), "set the mode of", file);
    } catch (CallFailed e) {
      throw e;
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  /** Renames; fails with {@link CallFailed#EXISTS} if there is something of the new name. */
  void rename(Path from, Path to) throws CallFailed {
    MemorySegment source = name(from, path);
    MemorySegment target = name(to, otherPath);
    try {
      told(
          (int) RENAME.invokeExact(state, HERE, source, HERE, target, NO_REPLACE), "rename to", to);
    } catch (CallFailed e) {
      throw e;
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  /** The kernel's number for the kind of file system on which {@code file} lies. */
  long fileSystem(Path file) throws CallFailed {
    MemorySegment answer = memory(256);
    MemorySegment name = name(file, path);
    try {
      told((int) STATFS.invokeExact(state, name, answer), "look at the file system of", file);
    } catch (CallFailed e) {
      throw e;
    } catch (Throwable e) {
      throw uncallable(e);
    }
    return answer.get(LONG, 0);
  }

  /** How many bytes of its file system a file takes; less than its length if it has holes. */
  long taken(Path file) throws CallFailed {
    MemorySegment answer = memory(256);
    MemorySegment name = name(file, path);
    // STATX_BLOCKS; stx_blocks, in units of 512 bytes, stands at byte 48.
    try {
      told((int) STATX.invokeExact(state, HERE, name, 0, 0x400, answer), "look at", file);
    } catch (CallFailed e) {
      throw e;
    } catch (Throwable e) {
      throw uncallable(e);
    }
    return answer.get(LONG, 48) * 512;
  }

  /** Puts everything on the disk that was written to the file system of an open file. */
  void sync(int opened, Path file) throws CallFailed {
    try {
      told((int) SYNC.invokeExact(state, opened), "put on the disk", file);
    } catch (CallFailed e) {
      throw e;
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  @Override
  public void close() {
    arena.close();
  }

  private int told(int result, String what, @Nullable Path file) throws CallFailed {
    if (result >= 0) {
      return result;
    }
    int error = (int) ERROR.get(state, 0L);
    throw new CallFailed(file == null ? what : what + " " + file, error, reason(error));
  }

  /** The C library's words for an error number, in the language of this process. */
  @SuppressWarnings("restricted") // strerror answers with a string that ends itself.
  static String reason(int error) {
    try {
      MemorySegment text = (MemorySegment) REASON.invokeExact(error);
      return text.reinterpret(256).getString(0);
    } catch (Throwable e) {
      throw uncallable(e);
    }
  }

  private static MemorySegment name(Path file, MemorySegment into) {
    byte[] bytes = bytes(file);
    if (bytes.length >= LONGEST_PATH) {
      throw new IllegalArgumentException(
          "a path of " + bytes.length + " bytes: at most " + (LONGEST_PATH - 1) + " are possible");
    }
    MemorySegment.copy(bytes, 0, into, ValueLayout.JAVA_BYTE, 0, bytes.length);
    into.set(ValueLayout.JAVA_BYTE, bytes.length, (byte) 0);
    return into;
  }

  /**
   * The path as the kernel knows it. A name need not be text in any charset; a path's URI has its
   * bytes.
   */
  static byte[] bytes(Path file) {
    String text = file.toString();
    if (text.chars().allMatch(letter -> letter < 0x80)) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
    URI address = file.toUri();
    byte[] raw = address.getRawPath().getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = new byte[raw.length];
    int length = 0;
    for (int at = 0; at < raw.length; at++) {
      if (raw[at] == '%') {
        bytes[length++] =
            (byte) Integer.parseInt(new String(raw, at + 1, 2, StandardCharsets.US_ASCII), 16);
        at += 2;
      } else {
        bytes[length++] = raw[at];
      }
    }
    // The URI of a folder ends with a slash; with it the kernel would follow a link.
    return Arrays.copyOf(bytes, length > 1 && bytes[length - 1] == '/' ? length - 1 : length);
  }

  private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... arguments) {
    return handle(name, FunctionDescriptor.of(result, arguments), ERRNO);
  }

  private static MethodHandle variadic(
      String name, int fixed, MemoryLayout result, MemoryLayout... arguments) {
    return handle(
        name,
        FunctionDescriptor.of(result, arguments),
        ERRNO,
        Linker.Option.firstVariadicArg(fixed));
  }

  private static MethodHandle plain(String name, MemoryLayout result, MemoryLayout... arguments) {
    return handle(name, FunctionDescriptor.of(result, arguments));
  }

  @SuppressWarnings("restricted") // The signatures are those of the C library.
  private static MethodHandle handle(
      String name, FunctionDescriptor signature, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), signature, options);
  }

  private static IllegalStateException uncallable(Throwable cause) {
    return new IllegalStateException("the C library cannot be called", cause);
  }
}
