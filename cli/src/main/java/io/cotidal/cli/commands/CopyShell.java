package io.cotidal.cli.commands;

import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import java.io.IOException;

/** {@code cot copy shell}: the database's own client, logged in to a copy. */
final class CopyShell implements Command {
  @Override
  public void declare(Form form) {
    form.operand("copies/TEMPLATE/NAME", "The copy.")
        .detail(
            "Runs mariadb or psql of this machine. The password goes through its environment,"
                + " never through its arguments.")
        .example("copy shell copies/shop/feature-42", "");
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) throws InterruptedException {
    ItemName name = ItemName.parse(arguments.needOperand(0));
    String line = new Items(session).access(name).getOrDefault("cli", "");
    if (line.isEmpty()) {
      throw new Failure(
          ExitCode.FAILED,
          "the server knows no client for " + name,
          "cot copy show " + name + " --access shows what it knows");
    }
    ClientLine client;
    try {
      client = ClientLine.parse(line);
    } catch (IllegalArgumentException e) {
      throw new Failure(
          ExitCode.FAILED,
          "the server's line for a client is not one that is run here: " + e.getMessage(),
          "cot copy show " + name + " --access shows it");
    }
    try {
      int status = session.programs().run(client.words(), client.environment());
      return status == 0 ? ExitCode.OK : ExitCode.FAILED;
    } catch (IOException e) {
      throw new Failure(
          ExitCode.FAILED,
          client.words().getFirst() + " cannot be run on this machine",
          "install it, or use another program: cot copy show " + name + " --access");
    }
  }
}
