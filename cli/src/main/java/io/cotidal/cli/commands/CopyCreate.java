package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code cot copy create}: a database of one's own, and how it is reached. */
final class CopyCreate implements Command {
  /** Below the time after which an answer counts as lost. */
  private static final Duration AT_ONCE = Duration.ofSeconds(10);

  @Override
  public void declare(Form form) {
    form.operand("copies/TEMPLATE/NAME", "What to copy, and what to call it.")
        .option("--ttl", "TIME", "How long it may live: 90m, 8h, 2d, or never.");
    Beginning.declare(form);
    form.detail("Prints the connection strings once it is ready. They hold its password.")
        .example("copy create copies/shop/feature-42", "")
        .example("copy create copies/shop/ci-7 --ttl 1h --wait -q", "");
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) throws InterruptedException {
    ItemName name = ItemName.parse(arguments.needOperand(0));
    Duration limit = Beginning.limit(arguments);
    Map<String, String> input = new LinkedHashMap<>();
    input.put("name", name.name());
    arguments.text("--ttl").ifPresent(ttl -> input.put("ttl", ttl));
    Duration first = limit.compareTo(AT_ONCE) < 0 ? limit : AT_ONCE;
    long began = session.time().nanos();
    Node begun = begun(session, name, input, "wait=" + first.toSeconds());
    Duration left = limit.minusNanos(session.time().nanos() - began);
    Following following = new Following(session);
    Node last =
        Words.ended(begun.text("state"))
            ? begun
            : following.last(begun, left.isNegative() ? Duration.ZERO : left);
    if (!last.text("state").equals("done")) {
      return following.show(last);
    }
    Items items = new Items(session);
    CopyLook.told(session, new Items.Copy(name, items.copy(name)), items.access(name));
    session.say(
        "cot: "
            + name
            + " is ready; open it: cot copy shell "
            + name
            + "; .env: cot copy env "
            + name);
    return ExitCode.OK;
  }

  private static Node begun(
      Session session, ItemName name, Map<String, String> input, String prefer)
      throws InterruptedException {
    String path = Resources.path(name.template()) + "/create";
    try {
      return new Beginning(session).begun(name.template(), path, input, prefer);
    } catch (Failure failure) {
      boolean inTheWay = failure.exit() == ExitCode.CONFLICT || failure.exit() == ExitCode.FAILED;
      throw inTheWay
          ? failure.withNext(
              (failure.next().isEmpty() ? "" : failure.next() + ": ")
                  + "cot copy list "
                  + name.template())
          : failure;
    }
  }
}
