package io.cotidal.remote;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * A lock of {@code flock(2)}, which the program of the same name takes in the shell. Java's own
 * locks are of the other kind that Linux has, and the two kinds do not see each other.
 */
public final class KernelLock implements AutoCloseable {
  private static final int READ_WRITE = 2;
  private static final int CREATE = 0x40;
  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int MODE = 0644;
  private static final int EXCLUSIVE_AT_ONCE = 2 | 4;

  private static final MethodHandle OPEN =
      handle(
          "open",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT),
          Linker.Option.firstVariadicArg(2));

  private static final MethodHandle FLOCK =
      handle(
          "flock",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private final int descriptor;

  private KernelLock(int descriptor) {
    this.descriptor = descriptor;
  }

  // Their arguments are plain numbers and one text that ends with a zero.
  @SuppressWarnings("restricted")
  private static MethodHandle handle(
      String name, FunctionDescriptor form, Linker.Option... options) {
    return Linker.nativeLinker()
        .downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow(name), form, options);
  }

  /**
   * Opens the file, and makes it if it is not there. Nothing is locked yet.
   *
   * @throws IOException if it cannot be opened
   */
  public static KernelLock on(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(file.toString());
      int descriptor = (int) OPEN.invokeExact(name, READ_WRITE | CREATE | CLOSE_ON_EXEC, MODE);
      if (descriptor < 0) {
        throw new IOException("the lock " + file + " cannot be opened");
      }
      return new KernelLock(descriptor);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("open(2) cannot be called", e);
    }
  }

  /** Whether it is ours now. */
  public boolean take() {
    try {
      return (int) FLOCK.invokeExact(descriptor, EXCLUSIVE_AT_ONCE) == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("flock(2) cannot be called", e);
    }
  }

  /** Gives it up. */
  @Override
  public void close() {
    try {
      int closed = (int) CLOSE.invokeExact(descriptor);
      if (closed != 0) {
        throw new IllegalStateException("a lock cannot be given up");
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("close(2) cannot be called", e);
    }
  }
}
