package io.cotidal.objects.steps;

import io.cotidal.model.MemberId;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Site.Role;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What people made of sites, against the configuration: it holds until they say otherwise, or until
 * the configuration says the same. Thread-safe.
 */
final class Roles {
  private final ObjectsSpec spec;
  private final Path file;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile SortedMap<MemberId, Role> said = new TreeMap<>();
  private SortedMap<MemberId, Role> written = new TreeMap<>();

  private Roles(ObjectsSpec spec, Path file) {
    this.spec = spec;
    this.file = file;
  }

  /**
   * Reads them, and forgets what the configuration says by now.
   *
   * @throws IOException in one line if they cannot be read: nobody would know who serves clients
   */
  static Roles open(ObjectsSpec spec) throws IOException {
    Roles roles = new Roles(spec, Layout.roles(spec));
    roles.refresh();
    if (!roles.written.equals(roles.said)) {
      roles.write(roles.said);
    }
    return roles;
  }

  /**
   * Reads them again: another daemon may have led meanwhile.
   *
   * @throws IOException in one line if they cannot be read
   */
  void refresh() throws IOException {
    lock.lock();
    try {
      SortedMap<MemberId, Role> read = Files.exists(file) ? read() : new TreeMap<>();
      TreeMap<MemberId, Role> over = new TreeMap<>(read);
      over.entrySet().removeIf(each -> told(each.getKey(), each.getValue()));
      written = read;
      said = Collections.unmodifiableSortedMap(over);
    } finally {
      lock.unlock();
    }
  }

  private SortedMap<MemberId, Role> read() throws IOException {
    TreeMap<MemberId, Role> read = new TreeMap<>();
    String text = Files.readString(file);
    try {
      for (Map.Entry<String, JsonNode> each : JsonMapper.shared().readTree(text).properties()) {
        String word = each.getValue().asString("").toUpperCase(Locale.ROOT);
        read.put(new MemberId(each.getKey()), Role.valueOf(word));
      }
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IOException(
          "%s cannot be understood: restore it from a backup, or take it away and promote anew (%s)"
              .formatted(file, ActFailed.line(e)),
          e);
    }
    return read;
  }

  /** Whether the configuration says it itself, or knows no such site. */
  private boolean told(MemberId site, Role role) {
    return spec.site(site).filter(each -> each.role() != role).isEmpty();
  }

  /** What was said against the configuration. */
  SortedMap<MemberId, Role> said() {
    return said;
  }

  /**
   * From now on it is that. It is on the disk when this returns.
   *
   * @return whether it was not before
   */
  boolean say(MemberId site, Role role) throws IOException {
    lock.lock();
    try {
      TreeMap<MemberId, Role> next = new TreeMap<>(said);
      if (told(site, role)) {
        next.remove(site);
      } else {
        next.put(site, role);
      }
      if (next.equals(said)) {
        return false;
      }
      write(next);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void write(SortedMap<MemberId, Role> roles) throws IOException {
    ObjectNode document = JsonMapper.shared().createObjectNode();
    roles.forEach((site, role) -> document.put(site.name(), role.name().toLowerCase(Locale.ROOT)));
    Durable.write(file, JsonMapper.shared().writeValueAsString(document) + "\n", null, "rw-------");
    written = roles;
    said = Collections.unmodifiableSortedMap(roles);
  }
}
