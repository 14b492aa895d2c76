package io.cotidal.postgres.reach;

import io.cotidal.model.Stamp;
import io.cotidal.remote.Conduit;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ssh.Dialogue;
import io.cotidal.remote.ssh.SshFailure;
import io.cotidal.remote.ssh.SshTrouble;
import io.cotidal.remote.ssh.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A stay inside the gate of another machine: each call is one request to the program there, which
 * knows the same files, programs and processes by names of its own.
 */
final class SshInside implements Inside {
  /** What {@code timeout} answers for a program that it killed. */
  private static final int KILLED = 137;

  private static final String PRIVATE = "600";
  private static final String PUBLIC = "644";

  private static final Duration GLANCE = Duration.ofMillis(500);

  private final Places places;
  private final Dialogue dialogue;
  private final Stay stay;
  private final Meeting meeting;

  /**
   * The stay.
   *
   * @param stamp under which the gate was entered
   * @param before what it remembered then
   * @param deadline until when answers are waited for
   */
  record Stay(Stamp stamp, Stamp before, Deadline deadline) {}

  /** Opens the other end of the pipes of a program that this stay runs. */
  @FunctionalInterface
  interface Meeting {
    Conduit open(Deadline deadline) throws SshFailure, InterruptedException;
  }

  SshInside(Places places, Dialogue dialogue, Stay stay, Meeting meeting) {
    this.places = places;
    this.dialogue = dialogue;
    this.stay = stay;
    this.meeting = meeting;
  }

  private List<String> call(String verb, String... words) throws IOException, InterruptedException {
    return dialogue.call(stay.deadline(), verb, words);
  }

  private String one(String verb, String... words) throws IOException, InterruptedException {
    List<String> answer = call(verb, words);
    if (answer.size() != 1) {
      throw new IOException("the gate's answer to '" + verb + "' has another form");
    }
    return answer.getFirst();
  }

  /** The one name by which the program there knows the file. */
  private String name(Path file) {
    Path plain = file.normalize();
    if (plain.startsWith(places.data())) {
      return "data/" + places.data().relativize(plain);
    }
    if (plain.startsWith(places.gate())) {
      return "gate/" + places.gate().relativize(plain);
    }
    throw new IllegalArgumentException(file + " is no file of this member");
  }

  @Override
  public Stamp before() {
    return stay.before();
  }

  @Override
  public boolean within() {
    return true;
  }

  @Override
  public boolean superseded() throws IOException, InterruptedException {
    return SshSight.stamp(one("wanted")).compareTo(stay.stamp()) > 0;
  }

  @Override
  public Sight sight() throws IOException, InterruptedException {
    return SshSight.read(call("sight", "whole", "room"), places);
  }

  @Override
  public boolean exists(Path file) throws IOException, InterruptedException {
    return !one("read", name(file)).equals("absent");
  }

  @Override
  public Optional<String> read(Path file) throws IOException, InterruptedException {
    String answer = one("read", name(file));
    return answer.equals("absent")
        ? Optional.empty()
        : Optional.of(new String(Words.bytes(answer), StandardCharsets.UTF_8));
  }

  @Override
  public void write(Path file, String text) throws IOException, InterruptedException {
    call("write", name(file), PRIVATE, Words.text(text));
  }

  @Override
  public void note(Path file, String text) throws IOException, InterruptedException {
    call("write", name(file), PUBLIC, Words.text(text));
  }

  @Override
  public void script(String text, String checksum) throws IOException, InterruptedException {
    call("archive", checksum, Words.text(text));
  }

  @Override
  public void counter(String text, String checksum) throws IOException, InterruptedException {
    fresh("counter", checksum, Words.text(text));
  }

  @Override
  public void summary(String folder, String text) throws IOException, InterruptedException {
    fresh("summary", folder, Words.text(text));
  }

  @Override
  public void delete(Path file) throws IOException, InterruptedException {
    call("remove", name(file));
  }

  @Override
  public boolean holdsData() throws IOException, InterruptedException {
    return one("holds").equals("yes");
  }

  @Override
  public void makeData() throws IOException, InterruptedException {
    call("make");
  }

  @Override
  public void emptyData() throws IOException, InterruptedException {
    call("empty");
  }

  @Override
  public void dropSlot(String slot) throws IOException, InterruptedException {
    call("slot", slot);
  }

  @Override
  public void dropForeignLock() throws IOException, InterruptedException {
    call("unlock");
  }

  @Override
  public Optional<ProcessId> postmaster() throws IOException, InterruptedException {
    List<String> answer = call("processes");
    String main = answer.isEmpty() ? "0" : answer.getFirst();
    return answer.stream()
        .skip(1)
        .filter(each -> each.startsWith(main + "@"))
        .findFirst()
        .map(ProcessId::parse);
  }

  @Override
  public List<ProcessId> processes() throws IOException, InterruptedException {
    return call("processes").stream().skip(1).map(ProcessId::parse).toList();
  }

  @Override
  public boolean alive(ProcessId process) throws IOException, InterruptedException {
    return one("alive", process.toString()).equals("yes");
  }

  @Override
  public List<ProcessId> kill() throws IOException, InterruptedException {
    return call("kill").stream().map(ProcessId::parse).toList();
  }

  @Override
  public void interrupt() throws IOException, InterruptedException {
    call("interrupt");
  }

  @Override
  public boolean postmasterSettled() throws IOException, InterruptedException {
    return one("settled", "main").equals("yes");
  }

  @Override
  public boolean settledOrGone(long pid) throws IOException, InterruptedException {
    return !one("settled", Long.toString(pid)).equals("no");
  }

  @Override
  public ProcessId start() throws IOException, InterruptedException {
    return ProcessId.parse(one("start"));
  }

  @Override
  public LocalProcesses.Result run(Tool tool, Deadline deadline, LocalProcesses.Meanwhile meanwhile)
      throws IOException, InterruptedException {
    String millis = Long.toString(Math.max(1, deadline.left().toMillis()));
    List<String> answer = await(ask(tool, millis), meanwhile);
    if (answer.size() != 2) {
      throw new IOException("the gate does not tell how " + tool.name() + " ended");
    }
    int exit = Integer.parseInt(answer.getFirst());
    if (exit == KILLED) {
      throw new IOException(tool.name() + " did not end in time and was killed");
    }
    return new LocalProcesses.Result(
        exit, new String(Words.bytes(answer.get(1)), StandardCharsets.UTF_8));
  }

  private long ask(Tool tool, String millis) throws IOException {
    return switch (tool) {
      case Tool.Initdb initdb ->
          dialogue.ask("run", "initdb", millis, Words.text(initdb.superuser()));
      case Tool.Archive archive ->
          dialogue.ask("run", "archive", millis, Words.text(String.join(" ", archive.words())));
      case Tool.Tail tail ->
          dialogue.ask("run", "tail", millis, Words.text(String.join(" ", tail.words())));
      case Tool.SingleUser single -> dialogue.ask("run", "single", millis);
      case Tool.Rewind rewind -> dialogue.ask("run", "rewind", millis, Words.text(rewind.source()));
      case Tool.Rsync rsync ->
          dialogue.ask("run", "rsync-" + rsync.portion().words().split(" ")[0], millis);
      case Tool.BaseBackup backup when backup.rate() == 0 ->
          dialogue.ask("run", "backup", millis, Words.text(backup.source()));
      case Tool.BaseBackup backup ->
          dialogue.ask(
              "run", "slow-backup", millis, Words.text(backup.rate() + " " + backup.source()));
    };
  }

  /** The gate answers one thing after the other: until it does, nothing else is asked of it. */
  private List<String> await(long number, LocalProcesses.Meanwhile meanwhile)
      throws IOException, InterruptedException {
    while (true) {
      try {
        return dialogue.answer(number, stay.deadline().atMost(GLANCE));
      } catch (SshFailure e) {
        if (!(e.trouble() instanceof SshTrouble.Silent) || stay.deadline().over()) {
          throw e;
        }
        meanwhile.look();
      }
    }
  }

  @Override
  public void makePipes() throws IOException, InterruptedException {
    fresh("pipes");
  }

  /** Calls what not every gate has that is installed somewhere. */
  private void fresh(String verb, String... words) throws IOException, InterruptedException {
    try {
      call(verb, words);
    } catch (Dialogue.Denied e) {
      String said = String.valueOf(e.getMessage());
      throw said.contains("no such verb")
          ? new IOException(
              said + ": the gate there is of an earlier release; run cot member prepare again", e)
          : e;
    }
  }

  @Override
  public Conduit meet(Deadline deadline) throws IOException, InterruptedException {
    return meeting.open(deadline);
  }

  @Override
  public void sync(Deadline deadline) throws IOException, InterruptedException {
    call("run", "sync", Long.toString(Math.max(1, deadline.left().toMillis())));
  }

  @Override
  public long openLog() throws IOException, InterruptedException {
    return Long.parseLong(one("log"));
  }

  @Override
  public String log(long from) throws IOException, InterruptedException {
    return new String(Words.bytes(one("tail", Long.toString(from))), StandardCharsets.UTF_8);
  }
}
