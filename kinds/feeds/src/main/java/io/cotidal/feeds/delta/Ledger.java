package io.cotidal.feeds.delta;

import io.cotidal.feeds.delta.DeltaException.Why;
import io.cotidal.feeds.job.Offer;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was packed of a table so far, beside the state of its rows.
 *
 * @param dump MD5 of the dump that lay beside the table when it was packed last
 * @param held what the table held then
 * @param build digest of its indexes and constraints then
 * @param offers the deltas that lead to that dump, the oldest first, without a gap
 */
record Ledger(String dump, TableDigest held, String build, List<Offer> offers) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  Ledger {
    offers = List.copyOf(offers);
  }

  /** Reads it; empty if there is none, or none that can be read. */
  static Optional<Ledger> read(Path file) throws DeltaException {
    try {
      JsonNode all = JSON.readTree(Files.readString(file));
      List<Offer> offers = new ArrayList<>();
      for (JsonNode each : all.path("deltas")) {
        offers.add(
            new Offer(
                each.path("file").asString(""),
                each.path("md5").asString(""),
                each.path("from").asString(""),
                each.path("to").asString("")));
      }
      String dump = all.path("dump").asString("");
      String build = all.path("build").asString("");
      return TableDigest.read(all.path("held").asString(""))
          .map(held -> new Ledger(dump, held, build, offers));
    } catch (NoSuchFileException | JacksonException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new DeltaException(Why.FILE, file + " cannot be read: " + e + "; see the disk");
    }
  }

  void write(Path file) throws DeltaException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("dump", dump);
    all.put("held", held.toString());
    all.put("build", build);
    all.put("deltas", offers);
    try {
      Durable.write(file, JSON.writeValueAsString(all) + "\n", null, "rw-------");
    } catch (IOException e) {
      throw new DeltaException(Why.FILE, file + " cannot be written: " + e + "; see the disk");
    }
  }
}
