package io.cotidal.feeds.transfer;

import io.cotidal.feeds.transfer.TransferException.Kind;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Sends one small file. */
record Upload(Folders folders, Rsync rsync) {

  void send(Path file, String host, String path, Deadline deadline)
      throws TransferException, InterruptedException {
    String place = Names.printable(host + ":" + path);
    try {
      Path scratch = folders.made(folders.fresh(".send"));
      try {
        Path copy = scratch.resolve(path.substring(1));
        Files.copy(file, folders.ready(copy));
        run(scratch, host, path, deadline);
      } finally {
        Folders.remove(scratch);
      }
    } catch (InvalidPathException e) {
      throw new TransferException(
          Kind.REFUSED,
          place + ": the name needs a UTF-8 locale; set LC_ALL=C.UTF-8 for this service");
    } catch (IOException e) {
      throw TransferException.local(place, e);
    }
  }

  private void run(Path scratch, String host, String path, Deadline deadline)
      throws TransferException, IOException, InterruptedException {
    String place = Names.printable(host + ":" + path);
    Result result =
        rsync.run(
            new Rsync.Order(
                List.of("--relative", "--chmod=F644"),
                List.of(path),
                scratch + "/",
                host + ":/",
                Optional.empty()),
            () -> {},
            deadline);
    Optional<TransferException> trouble = Troubles.sending(place, result.exit(), result.output());
    if (trouble.isPresent()) {
      throw trouble.get();
    }
  }
}
