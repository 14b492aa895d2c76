package io.cotidal.feeds.plan;

import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.plan.PaperReplica.Server;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Stamp;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What looks see of a replica on paper. */
final class PaperLooks {
  /** When each commit was made: 2026-11-22T12:00:00Z. */
  private static final long COMMITTED = 1_795_348_800;

  private final PaperReplica replica;

  PaperLooks(PaperReplica replica) {
    this.replica = replica;
  }

  /** One look at a member. */
  Observation<FeedsFacts> look(MemberId member) {
    Host host = new Host(Host.Process.RUNNING, Stamp.NONE, Details.NONE);
    if (replica.away.contains(member)) {
      return new Observation.CannotTell<>("no answer", Host.UNKNOWN);
    }
    return new Observation.Seen<>(facts(member), host);
  }

  private FeedsFacts facts(MemberId member) {
    if (member.equals(FeedsSpec.REPOSITORY)) {
      int behind = replica.applied.filter(replica.head()::equals).isPresent() ? 0 : 1;
      return new FeedsFacts.Repository(
          replica.head(),
          COMMITTED,
          replica.applied,
          behind,
          replica.things,
          replica.excluded,
          replica.troubles,
          "",
          replica.unreadable);
    }
    if (!member.equals(FeedsSpec.DATABASE)) {
      Server server = replica.servers.getOrDefault(member, new Server());
      return new FeedsFacts.GeoServer(
          "2.26.2", new TreeSet<>(server.prints.keySet()), server.prints);
    }
    SortedMap<String, FeedsFacts.Served> served = new TreeMap<>();
    SortedMap<String, SortedMap<String, String>> kept = new TreeMap<>();
    replica.tables.forEach((target, table) -> {
      if (!table.serves.isEmpty()) {
        served.put(target, new FeedsFacts.Served(table.serves, table.digest(), 7));
      }
      SortedMap<String, String> others = new TreeMap<>(table.generations);
      others.remove(table.serves);
      if (!others.isEmpty()) {
        kept.put(target, others);
      }
    });
    return new FeedsFacts.Database(served, kept, spare(), replica.schemas);
  }

  private List<FeedsFacts.Spare> spare() {
    SortedMap<Integer, FeedsFacts.Spare> byTime = new TreeMap<>(Comparator.reverseOrder());
    replica.tables.forEach((target, table) ->
        table.read.forEach((generation, when) -> {
          if (table.generations.containsKey(generation) && !generation.equals(table.serves)) {
            byTime.put(when, new FeedsFacts.Spare(target, generation, replica.bytes));
          }
        }));
    return List.copyOf(byTime.values());
  }
}
