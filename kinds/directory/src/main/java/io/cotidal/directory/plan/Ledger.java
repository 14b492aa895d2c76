package io.cotidal.directory.plan;

import io.cotidal.directory.spec.Server;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What operations have committed about a directory: which replica id each member was given, where
 * it stood then, which ids were given back, and which data set it is. Ids are written down before
 * any server hears of them, so that no crash makes one be given twice.
 */
record Ledger(Details entries) {
  /** Prefix of a member's replica id. */
  static final String ID = "id.";

  /** Prefix of the address at which a member was last. */
  static final String MEMBER = "member.";

  /** Prefix of an id that was given back: {@code name@seconds}. */
  static final String RETIRED = "retired.";

  /**
   * Prefix of a member that is to be filled, from before that begins until it has ended well. A
   * filling that was broken off may leave half of the entries and the whole vector: no server can
   * tell that from a whole one.
   */
  static final String FILLING = "filling.";

  /** The data set. */
  static final String GENERATION = "generation";

  /**
   * An id that was given back.
   *
   * @param name whose it was
   * @param seconds when, since 1970
   */
  record Retired(String name, long seconds) {}

  /** The replica id of {@code member}; null if it was given none. */
  @Nullable Integer id(MemberId member) {
    return entries.find(ID + member).map(Integer::valueOf).orElse(null);
  }

  /** Ids in use, with their owners. */
  SortedMap<Integer, MemberId> owners() {
    SortedMap<Integer, MemberId> owners = new TreeMap<>();
    below(ID).forEach((name, id) -> owners.put(Integer.valueOf(id), new MemberId(name)));
    return owners;
  }

  /** Ids that were given back. */
  SortedMap<Integer, Retired> retired() {
    SortedMap<Integer, Retired> retired = new TreeMap<>();
    below(RETIRED)
        .forEach((id, value) -> {
          int at = value.lastIndexOf('@');
          retired.put(
              Integer.valueOf(id),
              new Retired(value.substring(0, at), Long.parseLong(value.substring(at + 1))));
        });
    return retired;
  }

  /** Everybody who was ever prepared, or was about to be, and has not been let go of. */
  SortedSet<MemberId> members() {
    SortedSet<MemberId> members = new TreeSet<>();
    below(ID).keySet().forEach(name -> members.add(new MemberId(name)));
    below(MEMBER).keySet().forEach(name -> members.add(new MemberId(name)));
    return members;
  }

  /** Where {@code member} was last, if that is known. */
  Optional<Server> server(MemberId member) {
    return entries
        .find(MEMBER + member)
        .map(text -> {
          int colon = text.lastIndexOf(':');
          int port = Integer.parseInt(text.substring(colon + 1));
          return new Server(member, text.substring(0, colon), port, Details.NONE);
        });
  }

  /** The data set; empty before the first build. */
  String generation() {
    return entries.get(GENERATION, "");
  }

  /** Whether {@code member} was to be filled and nobody knows that it was. */
  boolean filling(MemberId member) {
    return entries.find(FILLING + member).isPresent();
  }

  private SortedMap<String, String> below(String prefix) {
    SortedMap<String, String> found = new TreeMap<>();
    entries
        .entries()
        .tailMap(prefix)
        .forEach((name, value) -> {
          if (name.startsWith(prefix)) {
            found.put(name.substring(prefix.length()), value);
          }
        });
    return found;
  }

  /** Entries that say where {@code server} is and which id it has. */
  static Details note(Server server, int id) {
    return Details.of(MEMBER + server.id(), address(server)).with(ID + server.id(), id);
  }

  /** Entries that say that {@code member} will be filled. */
  static Details willFill(MemberId member) {
    return Details.of(FILLING + member, "begun");
  }

  /** Entries that say that it was. */
  static Details filled(MemberId member) {
    return Details.of(FILLING + member, "");
  }

  /** Entries that let go of {@code member}; its id is not given again soon. */
  static Details gone(MemberId member, @Nullable Integer id, long seconds) {
    Details gone = Details.of(MEMBER + member, "").with(ID + member, "").with(FILLING + member, "");
    return id == null ? gone : gone.with(RETIRED + id, member + "@" + seconds);
  }

  static String address(Server server) {
    return server.host() + ":" + server.port();
  }
}
