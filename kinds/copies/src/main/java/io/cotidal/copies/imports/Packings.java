package io.cotidal.copies.imports;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** How files are compressed: told from their first bytes, and undone. */
final class Packings {
  private static final int BUFFER = 1 << 16;

  /** What the strongest usual level of xz needs is 65 MiB; more would be an attack. */
  private static final int XZ_KIBIBYTES = 256 * 1024;

  private Packings() {}

  /** What the first bytes of a file say. */
  static Dump.Packing of(byte[] head) {
    if (starts(head, 0x1F, 0x8B)) {
      return Dump.Packing.GZIP;
    }
    if (starts(head, 0x28, 0xB5, 0x2F, 0xFD)) {
      return Dump.Packing.ZSTD;
    }
    if (starts(head, 0xFD, '7', 'z', 'X', 'Z', 0)) {
      return Dump.Packing.XZ;
    }
    return Dump.Packing.NONE;
  }

  /** The decompressed content of a file. */
  static OpenDump open(Dump dump, Limits limits) throws IOException {
    AtomicLong consumed = new AtomicLong();
    InputStream file = new BufferedInputStream(counted(dump.file(), consumed), BUFFER);
    try {
      return new OpenDump(dump, unpacked(dump.packing(), file), consumed, limits);
    } catch (IOException e) {
      file.close();
      throw broken(dump, e);
    }
  }

  /** Says what is wrong with a compressed file, without a word of its content. */
  static IOException broken(Dump dump, IOException problem) {
    if (dump.packing() == Dump.Packing.NONE) {
      return problem;
    }
    String message = String.valueOf(problem.getMessage());
    boolean cut =
        problem instanceof EOFException
            || message.contains("Unexpected end")
            || message.contains("Truncated");
    return new DumpException(
        "dump "
            + Dumps.shown(dump.file())
            + (cut
                ? " is cut short: its " + words(dump.packing()) + " data has no end"
                : " is damaged: its " + words(dump.packing()) + " data cannot be decompressed")
            + "; make or copy it again",
        problem);
  }

  static boolean starts(byte[] head, int... magic) {
    if (head.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((head[i] & 0xFF) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  private static InputStream unpacked(Dump.Packing packing, InputStream file) throws IOException {
    return switch (packing) {
      case NONE -> file;
      case GZIP -> new GZIPInputStream(file, BUFFER);
      case ZSTD -> new ZstdInputStream(file);
      case XZ -> new XZInputStream(file, XZ_KIBIBYTES);
    };
  }

  private static String words(Dump.Packing packing) {
    return switch (packing) {
      case NONE -> "plain";
      case GZIP -> "gzip";
      case ZSTD -> "zstd";
      case XZ -> "xz";
    };
  }

  private static InputStream counted(Path file, AtomicLong consumed) throws IOException {
    return new FilterInputStream(Files.newInputStream(file)) {
      @Override
      public int read() throws IOException {
        int one = super.read();
        if (one >= 0) {
          consumed.incrementAndGet();
        }
        return one;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        if (read > 0) {
          consumed.addAndGet(read);
        }
        return read;
      }
    };
  }
}
