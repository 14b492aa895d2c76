package io.cotidal.app.reload;

import io.cotidal.app.kinds.Wing;
import io.cotidal.model.Actor;
import io.cotidal.model.ResourceId;
import io.cotidal.runtime.Daemon;
import io.cotidal.runtime.Managed;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a daemon runs of its configuration, resource by resource. The caller takes turns. */
public final class Running {
  private static final Logger log = LoggerFactory.getLogger(Running.class);

  private final Daemon daemon;
  private final Records records;
  private Parts parts;

  /** A kind as it runs. */
  public record Of(String kind, Wing.Open open) {}

  /** One change of one resource, and who wants it. */
  record Step(ResourceId id, Actor actor) {}

  Running(Parts parts, Daemon daemon, Records records) {
    this.parts = parts;
    this.daemon = daemon;
    this.records = records;
  }

  /** What runs now. */
  Parts parts() {
    return parts;
  }

  /** Says what runs, so that it can be held against what is of record. */
  void announce() {
    parts.resources().forEach((id, part) -> records.running(id, part.shared()));
  }

  /** Always done. */
  boolean begin(Step step, Part part, Managed<?, ?> managed) {
    tell(step, part);
    daemon.add(managed);
    keep(step.id(), part);
    return true;
  }

  /** Whether it was done; else all is as before. */
  boolean replace(Step step, Part part, Managed<?, ?> managed) {
    Part before = parts.resources().get(step.id());
    tell(step, part);
    if (daemon.replace(step.id(), managed)) {
      keep(step.id(), part);
      return true;
    }
    if (before != null) {
      records.forget(step.id());
      records.running(step.id(), before.shared());
    }
    managed.driver().close();
    return false;
  }

  /** Whether it was done; else all is as before. */
  boolean release(Step step) {
    if (!daemon.release(step.id())) {
      return false;
    }
    records.forget(step.id());
    TreeMap<ResourceId, Part> left = new TreeMap<>(parts.resources());
    left.remove(step.id());
    parts = new Parts(left, parts.rest());
    if (leads()) {
      writeDown(step);
    }
    return true;
  }

  /** What cannot be written down is let go of all the same; the doctor shows the difference. */
  private void writeDown(Step step) {
    try {
      if (!records.release(step.id(), step.actor())) {
        log.warn("event=release-not-recorded resource={} another daemon wrote first", step.id());
      }
    } catch (RuntimeException e) {
      log.warn("event=release-not-recorded resource={} reason=\"{}\"", step.id(), e.getMessage());
    }
  }

  /** Takes up, on that person's word, what another configuration of record kept from it. */
  void confirm(Actor actor, Set<ResourceId> changed) {
    for (ResourceId id : daemon.leftAlone().keySet()) {
      if (parts.resources().containsKey(id) && !changed.contains(id)) {
        records.told(id, actor);
        daemon.reconsider(id);
      }
    }
  }

  private void tell(Step step, Part part) {
    records.running(step.id(), part.shared());
    if (leads()) {
      records.told(step.id(), step.actor());
    }
  }

  private boolean leads() {
    return daemon.leader().isEmpty();
  }

  private void keep(ResourceId id, Part part) {
    TreeMap<ResourceId, Part> now = new TreeMap<>(parts.resources());
    now.put(id, part);
    parts = new Parts(now, parts.rest());
  }
}
