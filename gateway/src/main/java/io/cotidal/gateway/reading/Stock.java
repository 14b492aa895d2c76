package io.cotidal.gateway.reading;

import io.cotidal.gateway.door.Head;
import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.swift.ObjectHead;
import io.cotidal.objects.swift.Reading;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What sites keep, seen as ourselves, and what a site says to a client. Calls block. Thread-safe.
 */
interface Stock {
  /** What a site says of an object; empty if it is not there. */
  Optional<ObjectHead> head(MemberId site, Reading reading, Deadline deadline) throws SwiftTrouble;

  /**
   * A small object.
   *
   * @param most so many bytes of it are taken at most
   * @throws Unsure if it is longer, or breaks off
   */
  Kept kept(MemberId site, Reading reading, int most, Deadline deadline)
      throws SwiftTrouble, Unsure;

  /**
   * The objects of a container whose names begin so, in order.
   *
   * @param most so many at most
   * @throws Unsure if there are more, or they cannot be read
   */
  List<ObjectRow> rows(Within within, int most, Deadline deadline) throws SwiftTrouble, Unsure;

  /**
   * What a site says to a client.
   *
   * @param head what the client asks, with a path below the version
   * @return the status; empty if it was not Swift that said it
   */
  OptionalInt says(MemberId site, Head head, Deadline deadline) throws SwiftTrouble, Unsure;

  /** A small object that was read. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares or changes it.
  record Kept(ObjectHead head, byte[] bytes) {}

  /** A part of a container's list. */
  record Within(MemberId site, ContainerName container, String prefix) {}
}
