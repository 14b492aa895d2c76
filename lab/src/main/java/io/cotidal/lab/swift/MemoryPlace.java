package io.cotidal.lab.swift;

import io.cotidal.lab.ServerRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;

/** The file system in memory that machines have: nothing waits for a disk there. */
final class MemoryPlace {
  private static final Path PLACE = Path.of("/dev/shm");
  private static final long ENOUGH = 1L << 30;

  private MemoryPlace() {}

  /** A folder for data: there if it will do, else where the lab makes its folders. */
  static Path folder(ServerRegistry registry, String name) throws IOException {
    if (!Files.isDirectory(PLACE) || !Files.isWritable(PLACE)) {
      return registry.folder(name);
    }
    FileStore store = Files.getFileStore(PLACE);
    return store.type().equals("tmpfs") && store.getUsableSpace() >= ENOUGH && attributes()
        ? registry.folder(PLACE, name)
        : registry.folder(name);
  }

  /** Swift keeps what it knows of an object in attributes of its file; older kernels have none. */
  private static boolean attributes() throws IOException {
    Path file = Files.createTempFile(PLACE, "cotidal", ".try");
    try {
      byte[] value = new byte[16_384];
      UserDefinedFileAttributeView view =
          Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
      return view != null && view.write("cotidal", ByteBuffer.wrap(value)) == value.length;
    } catch (IOException e) {
      // It has none, or too little room for them: the disk it is.
      return false;
    } finally {
      Files.delete(file);
    }
  }
}
