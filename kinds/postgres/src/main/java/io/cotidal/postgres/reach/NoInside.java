package io.cotidal.postgres.reach;

import io.cotidal.model.MemberId;
import io.cotidal.model.Stamp;
import io.cotidal.remote.Conduit;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ProcessId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A stay with a member of whose machine nothing is within reach. */
record NoInside(MemberId member, Stamp before) implements Inside {
  @Override
  public boolean within() {
    return false;
  }

  @Override
  public boolean superseded() {
    return false;
  }

  @Override
  public Sight sight() throws IOException {
    throw nothing();
  }

  @Override
  public boolean exists(Path file) throws IOException {
    throw nothing();
  }

  @Override
  public Optional<String> read(Path file) throws IOException {
    throw nothing();
  }

  @Override
  public void write(Path file, String text) throws IOException {
    throw nothing();
  }

  @Override
  public void note(Path file, String text) throws IOException {
    throw nothing();
  }

  @Override
  public void script(String text, String checksum) throws IOException {
    throw nothing();
  }

  @Override
  public void counter(String text, String checksum) throws IOException {
    throw nothing();
  }

  @Override
  public void summary(String folder, String text) throws IOException {
    throw nothing();
  }

  @Override
  public void delete(Path file) throws IOException {
    throw nothing();
  }

  @Override
  public boolean holdsData() throws IOException {
    throw nothing();
  }

  @Override
  public void makeData() throws IOException {
    throw nothing();
  }

  @Override
  public void emptyData() throws IOException {
    throw nothing();
  }

  @Override
  public void dropSlot(String slot) throws IOException {
    throw nothing();
  }

  @Override
  public void dropForeignLock() throws IOException {
    throw nothing();
  }

  @Override
  public Optional<ProcessId> postmaster() throws IOException {
    throw nothing();
  }

  @Override
  public List<ProcessId> processes() throws IOException {
    throw nothing();
  }

  @Override
  public boolean alive(ProcessId process) throws IOException {
    throw nothing();
  }

  @Override
  public List<ProcessId> kill() throws IOException {
    throw nothing();
  }

  @Override
  public void interrupt() throws IOException {
    throw nothing();
  }

  @Override
  public boolean postmasterSettled() throws IOException {
    throw nothing();
  }

  @Override
  public boolean settledOrGone(long pid) throws IOException {
    throw nothing();
  }

  @Override
  public ProcessId start() throws IOException {
    throw nothing();
  }

  @Override
  public LocalProcesses.Result run(Tool tool, Deadline deadline, LocalProcesses.Meanwhile meanwhile)
      throws IOException {
    throw nothing();
  }

  @Override
  public void makePipes() throws IOException {
    throw nothing();
  }

  @Override
  public Conduit meet(Deadline deadline) throws IOException {
    throw nothing();
  }

  @Override
  public void sync(Deadline deadline) throws IOException {
    throw nothing();
  }

  @Override
  public long openLog() throws IOException {
    throw nothing();
  }

  @Override
  public String log(long from) throws IOException {
    throw nothing();
  }

  private OutOfReach nothing() {
    return new OutOfReach(member);
  }
}
