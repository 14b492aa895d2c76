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

  /** Always done, unless it throws. */
  boolean begin(Step step, Part part, Managed<?, ?> managed) {
    try {
      tell(step, part);
      daemon.add(managed);
    } catch (RuntimeException e) {
      back(step.id(), managed);
      throw e;
    }
    keep(step.id(), part);
    return true;
  }

  /** Whether it was done; else all is as before. */
  boolean replace(Step step, Part part, Managed<?, ?> managed) {
    boolean done = false;
    try {
      tell(step, part);
      done = daemon.replace(step.id(), managed);
    } finally {
      if (!done) {
        back(step.id(), managed);
      }
    }
    if (done) {
      keep(step.id(), part);
    }
    return done;
  }

  /** What runs, if anything does, is what ran before. */
  private void back(ResourceId id, Managed<?, ?> managed) {
    records.forget(id);
    Part before = parts.resources().get(id);
    if (before != null) {
      records.running(id, before.shared());
    }
    managed.abandon();
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
        confirm(id, actor);
      }
    }
  }

  /** What nobody can be told of now is left alone as before, and the doctor says why. */
  private void confirm(ResourceId id, Actor actor) {
    try {
      records.told(id, actor);
      daemon.reconsider(id);
    } catch (RuntimeException e) {
      log.warn("event=not-confirmed resource={} reason=\"{}\"", id, e.getMessage());
    }
  }

  private void tell(Step step, Part part) {
    if (leads()) {
      records.told(step.id(), step.actor());
    }
    records.running(step.id(), part.shared());
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
